"""A reader process that is never ready."""

import time

if __name__ == "__main__":
    time.sleep(60)
