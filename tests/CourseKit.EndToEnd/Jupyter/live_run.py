"""Executes a notebook with nbclient and writes the executed copy: live_run.py FROM TO WATCHED

WATCHED is "watched" for a client that takes input, as front ends with a person do, or "alone" for nbclient as it is.
Prints, as JSON, how many messages of each type came.
"""

import collections
import json
import sys

import nbclient
import nbformat


class Client(nbclient.NotebookClient):
    """nbclient, which counts what comes."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.messages = collections.Counter()

    async def async_start_new_kernel_client(self):
        client = await super().async_start_new_kernel_client()
        client.allow_stdin = watched == "watched"
        return client

    def process_message(self, message, cell, index):
        self.messages[message["msg_type"]] += 1
        return super().process_message(message, cell, index)


source, target, watched = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
client = Client(notebook, timeout=3600)
client.execute()
nbformat.validate(notebook)
nbformat.write(notebook, target)
print(json.dumps(client.messages))
