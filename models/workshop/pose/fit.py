"""The training loop of the pose network.

The cosine schedule follows elapsed training time, so a busy machine only means fewer steps. Every few minutes the averaged
network is scored on validation pictures and `train-last.pt` is written (and `train-best.pt` when AP50 plus PCK rose); `resume`
goes on from `train-last.pt` with its optimiser, averaged weights, step and spent time.
"""

from __future__ import annotations

import copy
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from workshop.fit import update_average
from workshop.pose.augment import Augmenter
from workshop.pose.figures import groups
from workshop.pose.loss import pose_loss, total
from workshop.pose.network import PoseNet, decode_outputs, save_checkpoint
from workshop.pose.people import Pictures
from workshop.pose.scoring import Predict, judged, run, summary
from workshop.pose.targets import targets


@dataclass(frozen=True)
class FitOptions:
    folder: Path
    minutes: float
    crop: tuple[int, int] = (240, 272)
    batch: int = 12
    rate: float = 2e-3
    final_rate: float = 1e-5
    warm_up: int = 150
    decay: float = 0.02
    average: float = 0.998
    every: float = 240
    seed: int = 1
    threads: int = 2
    resume: bool = False


class Crops(IterableDataset):
    """Endless stream of changed crops with their targets. Parts of the set come equally often; within a part every picture comes
    once before any comes again."""

    def __init__(self, source: Augmenter, seed: int) -> None:
        self.source, self.seed = source, seed

    def __iter__(self):
        info = get_worker_info()
        rng = np.random.default_rng([self.seed, info.id if info else 0])
        part = np.array(self.source.pictures.part or [""] * len(self.source))
        parts = [np.nonzero(part == name)[0] for name in sorted(set(part))]
        decks: list[list[int]] = [[] for _ in parts]
        while True:
            k = int(rng.integers(len(parts)))
            decks[k] = decks[k] or [int(i) for i in rng.permutation(parts[k])]
            image, people = self.source.sample(decks[k].pop(), rng)
            yield torch.from_numpy(image), *(torch.from_numpy(a) for a in targets(people, *self.source.size).arrays())


def torch_predict(net: PoseNet) -> Predict:
    fused = copy.deepcopy(net).eval().fuse().to(memory_format=torch.channels_last)

    @torch.inference_mode()
    def predict(image: np.ndarray):
        raw = fused(torch.from_numpy(image)[None].contiguous(memory_format=torch.channels_last))
        return tuple(o[0].numpy() for o in decode_outputs(raw))

    return predict


def fit(net: PoseNet, train: Augmenter, validation: Pictures, o: FitOptions) -> PoseNet:
    """Trains `net` in place and returns the averaged network."""
    torch.set_num_threads(o.threads)
    torch.manual_seed(o.seed)
    o.folder.mkdir(parents=True, exist_ok=True)
    last = o.folder / "train-last.pt"
    average = copy.deepcopy(net).eval()
    net = net.to(memory_format=torch.channels_last).train()
    groups = [{"params": [p for p in net.parameters() if p.ndim > 1], "weight_decay": o.decay}, {"params": [p for p in net.parameters() if p.ndim <= 1], "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=o.rate)
    best, step, spent = 0.0, 0, 0.0
    if o.resume and last.is_file():
        saved = torch.load(last, weights_only=True)
        average.load_state_dict(saved["average"])
        net.load_state_dict(saved["net"])
        optimiser.load_state_dict(saved["optimiser"])
        best, step, spent = saved["best"], saved["step"], saved["spent"]
        print(f"resumed {last} at step {step}, {spent / 60:.1f} minutes in", flush=True)
    print(f"{sum(p.numel() for p in net.parameters())} weights, {len(train)} training pictures, {len(validation)} validation pictures", flush=True)
    loader = iter(DataLoader(Crops(train, o.seed + step), batch_size=o.batch, num_workers=1, prefetch_factor=4))
    begun = last_check = last_line = time.time()
    sums: dict[str, float] = {}
    seen = 0
    while True:
        elapsed = spent + time.time() - begun
        progress = elapsed / (o.minutes * 60)
        done = progress >= 1
        if time.time() - last_check > o.every or done:
            best = check(net, average, optimiser, validation, o.folder, step, elapsed, best)
            last_check = time.time()
        if done:
            break
        rate = o.final_rate + (o.rate - o.final_rate) * 0.5 * (1 + math.cos(math.pi * min(progress, 1)))
        for g in optimiser.param_groups:
            g["lr"] = rate * min(1, (step + 1) / o.warm_up)
        parts = train_step(net, optimiser, next(loader))
        step += 1
        update_average(average, net, step, o.average)
        sums = {k: sums.get(k, 0.0) + v for k, v in parts.items()}
        seen += 1
        if seen == 50:
            shown = " ".join(f"{k} {v / seen:.3f}" for k, v in sums.items())
            per = (time.time() - last_line) / seen
            print(f"step {step} {shown} rate {rate:.2e} {per:.2f} s/step, {o.minutes - elapsed / 60:.1f} min left", flush=True)
            sums, seen, last_line = {}, 0, time.time()
    return average


def train_step(net: PoseNet, optimiser: torch.optim.Optimizer, batch: list[torch.Tensor]) -> dict[str, float]:
    """Losses of the batch by name, after one step."""
    image, *target = batch
    raw = net(image.contiguous(memory_format=torch.channels_last))
    parts = pose_loss(raw, tuple(target))
    optimiser.zero_grad(set_to_none=True)
    total(parts).backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    optimiser.step()
    return {k: float(v.detach()) for k, v in parts.items()}


def check(
    net: PoseNet, average: PoseNet, optimiser: torch.optim.Optimizer, validation: Pictures, folder: Path, step: int, spent: float, best: float
) -> float:
    """Scores the averaged network, prints a line, writes the checkpoints. The best AP50 plus PCK so far."""
    begun = time.time()
    found = run(torch_predict(average), validation)
    figures = {}
    for name, (which, among) in groups(validation).items():
        chosen = np.nonzero(which)[0]
        s = figures[name] = summary(judged([found[i] for i in chosen], [validation.people[i] for i in chosen], among))
        print(f"validation {name}: AP50 {s['ap50']:.3f} AP {s['ap']:.3f} PCK {s['pck']:.3f} F {s['f']:.3f} at {s['threshold']:.2f}", flush=True)
    reached = figures["all"]["ap50"] + figures["all"]["pck"]
    spent += time.time() - begun
    reached = 0.0 if math.isnan(reached) else reached
    more = {"net": net.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "spent": spent, "best": max(best, reached)}
    save_checkpoint(folder / "train-last.pt", net.shape, average.state_dict(), **more)
    if reached > best:
        save_checkpoint(folder / "train-best.pt", net.shape, average.state_dict(), step=step)
    return max(best, reached)
