#!/usr/bin/env bash
# Sets up a virtual environment in .venv (or $IVY_VENV) and runs one thing in it:
#
#   ./setup.sh demo     install Ivy and transpile a vision and a text model (examples/quickstart.py)
#   ./setup.sh test     install Ivy and the development tools, then run the whole check (scripts/check.sh)
#   ./setup.sh install  install for development, run nothing
#
# Needs Python 3.11 or later with pip; PYTHON=... names another interpreter.
set -euo pipefail

usage() { sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2; }

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"
task=${1:-}
case $task in
  demo) requirements=scripts/requirements-demo.txt ;;
  test | install)
    requirements=scripts/requirements-dev.txt
    example=(-e 'examples/ivy-mlx[cpu]')  # a sixth backend, as somebody outside of the project would write it
    ;;
  *) usage ;;
esac
shift

venv=${IVY_VENV:-$root/.venv}
python=${PYTHON:-$(command -v python3.11 || command -v python3 || true)}
[ -n "$python" ] || { echo "no python3 on the PATH; set PYTHON" >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  { echo "$python is older than Python 3.11; set PYTHON" >&2; exit 1; }

if [ ! -x "$venv/bin/python" ]; then
  echo "creating $venv"
  "$python" -m venv --without-pip "$venv"
fi
# The interpreter's own pip installs into the environment: some systems ship Python without ensurepip.
pip() { "$python" -m pip --python "$venv/bin/python" --disable-pip-version-check "$@"; }

echo "installing (the frameworks are large; the first time takes minutes)"
pip install -c constraints.txt pip -r "$requirements" \
  -e ivy_core -e plugins/ivy-numpy -e plugins/ivy-torch -e 'plugins/ivy-jax[equinox]' \
  -e 'plugins/ivy-tensorflow[cpu]' -e 'plugins/ivy-paddle[cpu]' ${example[@]+"${example[@]}"}
# timm names torchvision as a requirement, and a torchvision built for another torch (CUDA, where torch is a CPU
# build) does not import.  What timm and kornia need besides is in the requirements file.
pip install -c constraints.txt --no-deps timm kornia kornia_rs

export PATH="$venv/bin:$PATH" VIRTUAL_ENV="$venv"
case $task in
  demo) exec "$venv/bin/python" examples/quickstart.py "$@" ;;
  test) exec scripts/check.sh "$@" ;;
  install) echo "done: source $venv/bin/activate" ;;
esac
