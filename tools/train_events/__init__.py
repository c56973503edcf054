"""Trains the model of events from labelled sentences (`make train-events`)."""
