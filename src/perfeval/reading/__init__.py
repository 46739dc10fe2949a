"""Bytes to models, with every problem at its line and column."""

from perfeval.reading.project_folder import Known, read_indicators, read_project

__all__ = ["Known", "read_indicators", "read_project"]
