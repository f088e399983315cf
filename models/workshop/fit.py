"""The training loop that train, prune, distil and qat share.

The cosine schedule follows elapsed training time, so a busy machine only means fewer steps. Every validation writes
`<name>-last.pt` and, when the mean mAP rose, `<name>-best.pt`; `resume` goes on from `<name>-last.pt` with its optimiser,
averaged weights, step and spent time.
"""

from __future__ import annotations

import copy
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from workshop.augment import Augmenter
from workshop.dataset import ImageSet
from workshop.loss import assign, detection_loss
from workshop.network import STRIDE, DefectNet, decode_outputs, save_checkpoint
from workshop.scoring import Predict, score

ExtraLoss = Callable[[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]
"""(images, logits, raw boxes, classes per cell) -> a loss that is added."""


@dataclass(frozen=True)
class FitOptions:
    name: str
    out: Path
    minutes: float
    classes: tuple[str, ...]
    rate: float = 2e-3
    final_rate: float = 2e-5
    warm_up: int = 200
    decay: float = 0.02
    average: float = 0.999
    batch: int = 16
    every: float = 180
    seed: int = 1
    threads: int = 2
    resume: bool = False


class Crops(IterableDataset):
    """Endless stream of crops; `shares[i]` of them come from `sets[i]`."""

    def __init__(self, sets: list[Augmenter], shares: list[float], seed: int, classes: int) -> None:
        self.sets, self.shares, self.seed, self.classes = sets, shares, seed, classes

    def __iter__(self):
        info = get_worker_info()
        rng = np.random.default_rng([self.seed, info.id if info else 0])
        decks: list[list[int]] = [[] for _ in self.sets]
        while True:
            k = int(rng.choice(len(self.sets), p=self.shares))
            if not decks[k]:
                decks[k] = list(rng.permutation(len(self.sets[k].pairs)))
            image, boxes, ignore = self.sets[k].sample(decks[k].pop(), rng)
            cls, target, weight = assign(boxes, ignore, self.sets[k].crop // STRIDE, self.classes)
            yield torch.from_numpy(image), torch.from_numpy(cls), torch.from_numpy(target), torch.from_numpy(weight)


@torch.no_grad()
def update_average(average: torch.nn.Module, net: torch.nn.Module, step: int, decay: float) -> None:
    d = min(decay, (1 + step) / (20 + step))
    for a, b in zip(average.state_dict().values(), net.state_dict().values()):
        if a.dtype.is_floating_point:
            a.lerp_(b, 1 - d)
        else:
            a.copy_(b)


def torch_predict(net: DefectNet) -> Predict:
    fused = copy.deepcopy(net).eval().fuse().to(memory_format=torch.channels_last)

    @torch.inference_mode()
    def predict(image: np.ndarray):
        scores, boxes = decode_outputs(*fused(torch.from_numpy(image)[None].contiguous(memory_format=torch.channels_last)))
        return scores[0].numpy(), boxes[0].numpy()

    return predict


def fit(
    net: DefectNet,
    sets: list[Augmenter],
    shares: list[float],
    checks: dict[str, ImageSet],
    o: FitOptions,
    extra: ExtraLoss | None = None,
) -> DefectNet:
    """Trains `net` in place and returns the averaged network."""
    torch.set_num_threads(o.threads)
    torch.manual_seed(o.seed)
    o.out.mkdir(parents=True, exist_ok=True)
    last = o.out / f"{o.name}-last.pt"
    average = copy.deepcopy(net).eval()
    net = net.to(memory_format=torch.channels_last).train()
    decayed = [p for p in net.parameters() if p.ndim > 1]
    plain = [p for p in net.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW([{"params": decayed, "weight_decay": o.decay}, {"params": plain, "weight_decay": 0.0}], lr=o.rate)
    best, step, spent = 0.0, 0, 0.0
    if o.resume and last.is_file():
        saved = torch.load(last, weights_only=True)
        average.load_state_dict(saved["average"])
        net.load_state_dict(saved["net"])
        optimiser.load_state_dict(saved["optimiser"])
        best, step, spent = saved["best"], saved["step"], saved["spent"]
        print(f"resumed {last} at step {step}, {spent / 60:.1f} minutes in", flush=True)
    print(f"{sum(p.numel() for p in net.parameters())} weights, {[len(s.pairs) for s in sets]} training pictures, patches {[len(s.patches) for s in sets]}", flush=True)
    loader = iter(DataLoader(Crops(sets, shares, o.seed + step, len(o.classes)), batch_size=o.batch, num_workers=1, prefetch_factor=4))
    begun = last_check = last_line = time.time()
    sums, seen = np.zeros(2), 0
    while True:
        elapsed = spent + time.time() - begun
        progress = elapsed / (o.minutes * 60)
        done = progress >= 1
        if time.time() - last_check > o.every or done:
            last_check = time.time()
            results = {k: score(torch_predict(average), v, o.classes) for k, v in checks.items()}
            mean = float(np.mean([r["map"] for r in results.values()]))
            for k, r in results.items():
                aps = " ".join(f"{v * 100:.1f}" for v in r["ap"].values())
                print(f"validation {k}: mAP {r['map'] * 100:.2f} ({aps}) F {r['best']['f'] * 100:.2f} at {r['best']['threshold']:.2f}", flush=True)
            rose = mean > best
            best = max(best, mean)
            more = {"net": net.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "spent": elapsed, "best": best}
            save_checkpoint(last, net.shape, average.state_dict(), **more)
            if rose:
                save_checkpoint(o.out / f"{o.name}-best.pt", net.shape, average.state_dict(), step=step)
            summary = {"options": {k: str(v) for k, v in vars(o).items()}, "step": step, "results": results}
            (o.out / f"{o.name}.json").write_text(json.dumps(summary, indent=1))
        if done:
            break
        rate = o.final_rate + (o.rate - o.final_rate) * 0.5 * (1 + math.cos(math.pi * min(progress, 1)))
        for g in optimiser.param_groups:
            g["lr"] = rate * min(1, (step + 1) / o.warm_up)
        image, cls, target, weight = next(loader)
        image = image.contiguous(memory_format=torch.channels_last)
        logits, raw = net(image)
        loss, class_part, box_part = detection_loss(logits, raw, cls, target, weight)
        if extra is not None:
            loss = loss + extra(image, logits, raw, cls)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        step += 1
        update_average(average, net, step, o.average)
        sums += (class_part, box_part)
        seen += 1
        if seen == 50:
            per = (time.time() - last_line) / seen / o.batch * 1e3
            left = o.minutes * 60 - elapsed
            print(f"step {step} class {sums[0] / seen:.3f} box {sums[1] / seen:.3f} rate {rate:.2e} {per:.1f} ms/crop, {left / 60:.1f} min left", flush=True)
            sums, seen, last_line = np.zeros(2), 0, time.time()
    return average
