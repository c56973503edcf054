"""Measures the system on the machine it runs on, beside the raw limits of the same machine in the same run."""
