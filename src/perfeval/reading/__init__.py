"""Bytes to models, with every problem at its line and column."""

from perfeval.reading.project_folder import Known, Rules, read_indicators, read_project

__all__ = ["Known", "Rules", "read_indicators", "read_project"]
