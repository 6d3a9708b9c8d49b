"""Random programs of each framework, converted to the others and compared with the original."""

import os

for _variable in ("TF_CPP_MIN_LOG_LEVEL", "GLOG_minloglevel"):  # before the frameworks are imported
    os.environ.setdefault(_variable, "3")
