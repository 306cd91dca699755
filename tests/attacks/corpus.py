"""Hostile and broken submissions, and what each must get: all of them, in order of what they try."""

from tests.attacks import ending, exhausting, fooling, forging, stealing
from tests.attacks.attack import WRONG as WRONG
from tests.attacks.attack import Attack as Attack

ATTACKS = (*ending.ATTACKS, *exhausting.ATTACKS, *fooling.ATTACKS, *stealing.ATTACKS, *forging.ATTACKS)
