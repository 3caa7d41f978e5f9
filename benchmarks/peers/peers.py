"""Logs rows of fresh doubles with one of the Python peers and prints what it cost, as a line of JSON.

    python peers.py PEER ROWS KEYS DIRECTORY

Time counts from the first row to the end of the peer's own closing call; making the rows does not,
nor do importing and opening. A peer calls `loop` with a function that logs one row as its manual
says, then closes.
"""

import csv
import json
import logging
import os
import random
import sys
import time


def csv_dict_writer(directory, names, loop):
    with open(os.path.join(directory, "progress.csv"), "w", newline="") as file:
        writer = csv.DictWriter(file, ["step", "wall_time", "elapsed", *names])
        writer.writeheader()
        started = time.time()

        def log(step, row):
            now = time.time()
            writer.writerow({"step": step, "wall_time": now, "elapsed": now - started, **row})

        loop(log)


def event_file_writer(directory, names, loop):
    """TensorBoard's own writer, one event a row: the back end of PyTorch's SummaryWriter."""
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    writer = EventFileWriter(directory)

    def log(step, row):
        event = Event(wall_time=time.time(), step=step)
        for name, value in row.items():
            event.summary.value.add(tag=name, simple_value=value)
        writer.add_event(event)

    loop(log)
    writer.close()


def tensorboardx(directory, names, loop):
    from tensorboardX import SummaryWriter

    writer = SummaryWriter(directory)

    def log(step, row):
        for name, value in row.items():
            writer.add_scalar(name, value, step)

    loop(log)
    writer.close()


def trackio(directory, names, loop):
    os.environ["TRACKIO_DIR"] = directory
    import trackio

    run = trackio.init(project="bench", embed=False)
    loop(lambda step, row: run.log(row, step=step))
    run.finish()


def sacred(directory, names, loop):
    from sacred import Experiment
    from sacred.observers import FileStorageObserver

    experiment = Experiment("bench", save_git_info=False)
    experiment.observers.append(FileStorageObserver(directory, copy_sources=False))

    @experiment.main
    def main(_run):
        def log(step, row):
            for name, value in row.items():
                _run.log_scalar(name, value, step)

        loop(log)

    experiment.run(options={"--capture": "no"})


def wandb_offline(directory, names, loop):
    import wandb

    settings = wandb.Settings(console="off", silent=True, x_disable_stats=True, disable_git=True)
    run = wandb.init(project="bench", mode="offline", dir=directory, settings=settings)
    loop(lambda step, row: run.log(row, step=step))
    run.finish()


def swanlab_offline(directory, names, loop):
    import swanlab

    swanlab.init(project="bench", mode="offline", logdir=directory)
    loop(lambda step, row: swanlab.log(row, step=step))
    swanlab.finish()


def mlflow_files(directory, names, loop):
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    import mlflow

    mlflow.set_tracking_uri(f"file://{directory}/mlruns")
    with mlflow.start_run():
        loop(lambda step, row: mlflow.log_metrics(row, step=step))


PEERS = {
    "csv": csv_dict_writer,
    "EventFileWriter": event_file_writer,
    "tensorboardX": tensorboardx,
    "trackio": trackio,
    "sacred": sacred,
    "wandb": wandb_offline,
    "swanlab": swanlab_offline,
    "mlflow": mlflow_files,
}


def cpu_seconds():
    """Of this process and of the children it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measure(peer, directory, rows, names):
    calls = [0.0] * rows
    making = started = cpu_started = 0.0
    clock = time.perf_counter

    def loop(log):
        nonlocal making, started, cpu_started
        cpu_started = cpu_seconds()
        started = clock()
        for step in range(rows):
            before = clock()
            row = {name: random.random() for name in names}
            start = clock()
            log(step, row)
            calls[step] = clock() - start
            making += start - before

    peer(directory, names, loop)
    seconds = clock() - started - making
    cpu = cpu_seconds() - cpu_started
    calls.sort()

    def quantile(share):
        return calls[max(0, -int(-share * rows // 1) - 1)] * 1e6

    return {
        "scalarsPerSecond": rows * len(names) / seconds,
        "medianUs": quantile(0.5),
        "meanUs": sum(calls) / rows * 1e6,
        "p99Us": quantile(0.99),
        "p999Us": quantile(0.999),
        "maxUs": calls[-1] * 1e6,
        "cpuUs": cpu / rows * 1e6,
    }


def main():
    peer, rows, keys, directory = sys.argv[1:]
    logging.disable(logging.WARNING)
    # The peer's own words must not stand between the answer and its reader.
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    names = [f"metric_{i}" for i in range(int(keys))]
    sample = measure(PEERS[peer], directory, int(rows), names)
    print(json.dumps(sample), file=answer, flush=True)
    os._exit(0)  # threads that a peer leaves behind are its own affair


if __name__ == "__main__":
    main()
