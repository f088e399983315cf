"""Trains the detector on the CPU. The cosine schedule follows elapsed training time, so a busy machine only means fewer steps."""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from augment import Augmenter, AugmentRates
from dataset import PairSet, hold_out, load_deeppcb, load_folder
from evaluate import score
from loss import assign, detection_loss
from network import PcbDefectNet, decode_outputs


class Crops(IterableDataset):
    """Endless stream of crops; `shares[i]` of them come from `sets[i]`."""

    def __init__(self, sets: list[Augmenter], shares: list[float], seed: int) -> None:
        self.sets, self.shares, self.seed = sets, shares, seed

    def __iter__(self):
        info = get_worker_info()
        rng = np.random.default_rng([self.seed, info.id if info else 0])
        decks: list[list[int]] = [[] for _ in self.sets]
        while True:
            k = int(rng.choice(len(self.sets), p=self.shares))
            if not decks[k]:
                decks[k] = list(rng.permutation(len(self.sets[k].pairs)))
            image, boxes, ignore = self.sets[k].sample(decks[k].pop(), rng)
            cls, target, weight = assign(boxes, ignore, self.sets[k].crop // 8)
            yield torch.from_numpy(image), torch.from_numpy(cls), torch.from_numpy(target), torch.from_numpy(weight)


@torch.no_grad()
def update_average(average: PcbDefectNet, net: PcbDefectNet, step: int, decay: float) -> None:
    d = min(decay, (1 + step) / (20 + step))
    for a, b in zip(average.state_dict().values(), net.state_dict().values()):
        if a.dtype.is_floating_point:
            a.lerp_(b, 1 - d)
        else:
            a.copy_(b)


def torch_predict(net: PcbDefectNet):
    fused = copy.deepcopy(net).eval().fuse().to(memory_format=torch.channels_last)

    @torch.inference_mode()
    def predict(image: np.ndarray):
        scores, boxes = decode_outputs(*fused(torch.from_numpy(image)[None].contiguous(memory_format=torch.channels_last)))
        return scores[0].numpy(), boxes[0].numpy()

    return predict


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--data", type=Path, required=True, help="folder of the DeepPCB set")
    a.add_argument("--rendered", type=Path, help="folder of rendered pairs (images/, labels/)")
    a.add_argument("--rendered-share", type=float, default=0.4)
    a.add_argument("--rendered-hold-out", type=int, default=60)
    a.add_argument("--out", type=Path, default=Path(__file__).parent / "out" / "ckpt")
    a.add_argument("--name", default="run")
    a.add_argument("--minutes", type=float, required=True)
    a.add_argument("--crop", type=int, default=320)
    a.add_argument("--batch", type=int, default=16)
    a.add_argument("--rate", type=float, default=2e-3)
    a.add_argument("--final-rate", type=float, default=2e-5)
    a.add_argument("--warm-up", type=int, default=200)
    a.add_argument("--decay", type=float, default=0.02)
    a.add_argument("--average", type=float, default=0.999)
    a.add_argument("--hold-out", type=int, default=100)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--every", type=float, default=180, help="seconds between validations")
    a.add_argument("--resume", type=Path, help="start from this checkpoint (averaged weights)")
    a.add_argument("--keep-optimiser", action="store_true")
    for field, value in vars(AugmentRates()).items():
        a.add_argument(f"--{field}", type=float, default=value)
    o = a.parse_args()
    torch.set_num_threads(o.threads)
    torch.manual_seed(o.seed)
    o.out.mkdir(parents=True, exist_ok=True)
    rates = AugmentRates(o.good, o.shift, o.edge, o.grey, o.paste)
    train, held = hold_out(load_deeppcb(o.data, "trainval"), o.hold_out, o.seed)
    sets, shares, checks = [Augmenter(train, o.crop, rates)], [1.0], {"deeppcb": held}
    if o.rendered:
        more, held_more = hold_out(load_folder(o.rendered), o.rendered_hold_out, o.seed)
        sets.append(Augmenter(more, o.crop, rates))
        shares = [1 - o.rendered_share, o.rendered_share]
        checks["rendered"] = held_more
    net = PcbDefectNet()
    if o.resume:
        net.load_state_dict(torch.load(o.resume, weights_only=True)["average"])
    average = copy.deepcopy(net).eval()
    net = net.to(memory_format=torch.channels_last).train()
    decayed = [p for p in net.parameters() if p.ndim > 1]
    plain = [p for p in net.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW([{"params": decayed, "weight_decay": o.decay}, {"params": plain, "weight_decay": 0.0}], lr=o.rate)
    print(f"train {len(train)} pairs, {sum(p.numel() for p in net.parameters())} weights, patches {[len(s.patches) for s in sets]}", flush=True)
    loader = iter(DataLoader(Crops(sets, shares, o.seed), batch_size=o.batch, num_workers=1, prefetch_factor=4))
    begun = last_check = last_line = time.time()
    best, step, sums, seen = 0.0, 0, np.zeros(2), 0
    while True:
        progress = (time.time() - begun) / (o.minutes * 60)
        done = progress >= 1
        if time.time() - last_check > o.every or done:
            last_check = time.time()
            results = {k: score(torch_predict(average), v) for k, v in checks.items()}
            mean = float(np.mean([r["map"] for r in results.values()]))
            for k, r in results.items():
                aps = " ".join(f"{v * 100:.1f}" for v in r["ap"].values())
                print(f"validation {k}: mAP {r['map'] * 100:.2f} ({aps}) F {r['best']['f'] * 100:.2f} at {r['best']['threshold']:.2f}", flush=True)
            state = {"average": average.state_dict(), "step": step, "results": results}
            torch.save(state, o.out / f"{o.name}-last.pt")
            if mean > best:
                best = mean
                torch.save(state, o.out / f"{o.name}-best.pt")
            (o.out / f"{o.name}.json").write_text(json.dumps({"options": {k: str(v) for k, v in vars(o).items()}, "step": step, "results": results}, indent=1))
        if done:
            break
        rate = o.final_rate + (o.rate - o.final_rate) * 0.5 * (1 + math.cos(math.pi * min(progress, 1)))
        for g in optimiser.param_groups:
            g["lr"] = rate * min(1, (step + 1) / o.warm_up)
        image, cls, target, weight = next(loader)
        logits, raw = net(image.contiguous(memory_format=torch.channels_last))
        loss, class_part, box_part = detection_loss(logits, raw, cls, target, weight)
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
            left = o.minutes * 60 - (time.time() - begun)
            print(f"step {step} class {sums[0] / seen:.3f} box {sums[1] / seen:.3f} rate {rate:.2e} {per:.1f} ms/crop, {left / 60:.1f} min left", flush=True)
            sums, seen, last_line = np.zeros(2), 0, time.time()


if __name__ == "__main__":
    main()
