#!/usr/bin/env python3
"""Writes into kinds.json what the independent implementation (oracle/ilp_oracle.py) answers, for clones without it.

    sign_answers.py ORACLE_FOLDER

For each kind of project, made by make_project.py, and each dialect: the SHA-256 of the probabilities as
answers_of_oracle.py gives them (z, y, x, class; float32, little endian).
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = os.path.join(HERE, "kinds.json")


def run(script, *arguments):
    subprocess.run([sys.executable, os.path.join(HERE, script), *arguments], check=True)


def signature(folder, oracle, dialect):
    project, image, out = (os.path.join(folder, name) for name in ("my.ilp", "raw.h5", "answer.npy"))
    run("answers_of_oracle.py", oracle, project, image, "/raw", out, dialect)
    return hashlib.sha256(np.load(out).astype("<f4").tobytes()).hexdigest()


def main():
    with open(KINDS) as f:
        kinds = json.load(f)
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder:
            run("make_project.py", os.path.join(folder, "my.ilp"), os.path.join(folder, "raw.h5"),
                json.dumps(kind["parameters"]))
            kind["sha256"] = {d: signature(folder, sys.argv[1], d) for d in ("ilastik", "ilastik-1.2")}
    parts = [",\n   ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in kind.items()) for kind in kinds]
    with open(KINDS, "w") as f:
        f.write("[\n  {" + "},\n  {".join(parts) + "}\n]\n")


if __name__ == "__main__":
    main()
