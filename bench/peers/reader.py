# flowlogs-reader, which reads and judges nothing: every record as an object, by the way it takes files of S3.
#   PYTHONPATH=FOLDER_OF_FLOWLOGS_READER python3 bench/peers/reader.py LOG...
# Prints records by action.

import csv
import json
import sys

from flowlogs_reader.flowlogs_reader import FlowRecord

counts = {"accepted": 0, "rejected": 0}
for path in sys.argv[1:]:
    with open(path, newline="") as file:
        for row in csv.DictReader(file, delimiter=" "):
            action = FlowRecord({name.replace("-", "_"): value for name, value in row.items()}).action
            if action == "ACCEPT":
                counts["accepted"] += 1
            elif action == "REJECT":
                counts["rejected"] += 1
print(json.dumps(counts))
