#!/usr/bin/env bash
# Remakes tests/NextItem.Tests/Fixtures/oracle and tests/NextItem.Interchange.Tests/Fixtures/pytorch. With --check nothing is written: what would be is compared with what is there,
# and the exit code is 1 when they differ. Needs Debian's python3-torch; PYTHON names another interpreter.
set -euo pipefail
cd "$(dirname "$0")"
case " $* " in
  *" --check "*) "${PYTHON:-/usr/bin/python3}" pytorch_weights.py --check ;;
  *) "${PYTHON:-/usr/bin/python3}" pytorch_weights.py ;;
esac
exec "${PYTHON:-/usr/bin/python3}" ten_steps.py "$@"
