"""EBGM by vigipy on a CSV of exposure, event, n, written to another; prints CPU seconds and its hyperparameters."""

import json
import sys
import time
import warnings

import pandas as pd
from vigipy import convert, gps

warnings.simplefilter("ignore")
container = convert(pd.read_csv(sys.argv[1]), margin_threshold=1, count_label="n", product_label="exposure", ae_label="event")
began = time.process_time()
found = gps(container, min_events=1, truncate=True, truncate_thres=1, minimization_method="L-BFGS-B")
seconds = time.process_time() - began
columns = ["Product", "Adverse Event", "Expected Count", "EBGM", "LowerBound", "UpperBound"]
found.all_signals[columns].to_csv(sys.argv[2], index=False)
print(json.dumps({"cpu_seconds": seconds, "theta": [float(value) for value in found.param["prior_param"]]}))
