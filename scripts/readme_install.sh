#!/usr/bin/env bash
# Installs wheels of ivy-core, ivy-jax and ivy-torch into a fresh environment, as the README says, and
# runs the README's first Python block and the command line there.  The argument is a folder to work in.
#
# torch is installed at the pinned version first: the newest one from the index may be a build for GPUs.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=${1:-$(mktemp -d)}
python=${PYTHON:-$(command -v python3.11 || command -v python3)}
venv=$work/venv
pip() { "$python" -m pip --disable-pip-version-check "$@"; }

rm -rf "$work/source" "$work/wheels" "$venv"
mkdir -p "$work/source"
for part in ivy_core plugins/ivy-jax plugins/ivy-torch; do
  cp -r "$root/$part" "$work/source/"  # a build leaves no files in the checkout
done
pip wheel --quiet --no-deps -w "$work/wheels" "$work"/source/*
"$python" -m venv --without-pip "$venv"
pip --python "$venv/bin/python" install --quiet "$(grep '^torch==' "$root/constraints.txt")"
pip --python "$venv/bin/python" install --quiet --find-links "$work/wheels" "$work"/wheels/*.whl

cd "$work"  # away from the checkout
awk '/^```python$/ { on = 1; next } /^```$/ && on { exit } on' "$root/README.md" > first.py
cat >> first.py << 'END'
import jax.numpy as jnp
x = torch.rand(3, 4)
assert jnp.allclose(nnx_model(jnp.asarray(x.numpy())), jnp.asarray(model(x).detach().numpy()), atol=1e-5)
for system in ("linen", "haiku"):
    ivy.transpile(model, source="torch", to=system)
for system, command in {"equinox": 'pip install "ivy-jax[equinox]"', "tensorflow": "pip install ivy-tensorflow"}.items():
    try:
        ivy.transpile(model, source="torch", to=system)
    except Exception as error:
        assert command in str(error), error
    else:
        raise AssertionError(f"{system} is not installed here")
END
"$venv/bin/python" first.py
"$venv/bin/ivy" version
"$venv/bin/ivy" plugins | tee plugins.txt
grep -q 'jax: no converter:equinox; pip install "ivy-jax\[equinox\]"' plugins.txt
! grep -q "converter:flax; \|converter:haiku; " plugins.txt
echo "the README's first lines work"
