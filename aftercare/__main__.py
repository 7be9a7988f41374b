"""`python -m aftercare` is the command `aftercare`."""

import sys

from aftercare.cli import main

if __name__ == "__main__":
    sys.exit(main())
