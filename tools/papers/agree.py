#!/usr/bin/env python3
"""Does our scorer give the figures of the reference scorer? Labels are damaged at random and both asked.

  agree.py REFERENCE_TOOLS LABELS...      folder of score_plans.py, folders of labels; exit 1 when they differ by 0.005
"""
import copy
import glob
import os
import random
import sys

import score

ALLOWED = 0.005


def damaged(value, dice):
    """A plan as a bad reader might give it: values lost, doubled, misspelt, out of order."""
    if isinstance(value, dict):
        return {k: damaged(v, dice) for k, v in value.items() if dice.random() > 0.07 and not k.endswith("_alt")}
    if isinstance(value, list):
        out = [damaged(v, dice) for v in value if dice.random() > 0.1]
        if out and dice.random() < 0.15:
            out.append(copy.deepcopy(dice.choice(out)))
        if dice.random() < 0.2:
            dice.shuffle(out)
        return out
    if isinstance(value, str) and dice.random() < 0.2:
        at = dice.randrange(len(value) + 1)
        return value[:at] + dice.choice(["", "x", " abc ", "1"]) + value[at + dice.randrange(3):]
    if type(value) is int and dice.random() < 0.1:
        return value + 1
    return value


def main(argv):
    sys.path.insert(0, argv[0])
    import score_plans
    labels = [score.load(path) for folder in argv[1:] for path in sorted(glob.glob(os.path.join(folder, "*.json")))]
    dice, worst, count = random.Random(5), 0.0, 0
    for label in labels:
        for plan in [damaged(label, dice) for _ in range(2)] + labels[:1] + [label, {}]:
            theirs = score_plans.as_json(score_plans.score(label, plan))["f1"]
            ours = score.figures(*score.score(label, plan).sum())[2]
            worst, count = max(worst, abs(theirs - ours)), count + 1
    print("%d pairs, largest difference %.4f" % (count, worst))
    return 1 if worst > ALLOWED or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
