"""Executes a notebook with nbclient, as a front end would, and writes the executed copy: nbclient_run.py FROM TO FOLDER."""

import sys

import nbclient
import nbformat

source, target, folder = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
nbclient.NotebookClient(notebook, timeout=3600, resources={"metadata": {"path": folder}}).execute()
nbformat.validate(notebook)
nbformat.write(notebook, target)
