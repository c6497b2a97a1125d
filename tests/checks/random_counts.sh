#!/bin/bash
# Random publications: every line of `teiten counts` and every bin, against a counter written in the simplest way. That covers what
# test_vocabulary.c, which counts in one process, does not: archives, days of zones whose clocks change, sensors that come and go, outages.
set -u
. "$TEITEN_SOURCE/tests/checks/lib.bash"
python3 "$TEITEN_SOURCE/tests/checks/random_counts.py" 1 6 || bad=1
exit $bad
