"""The seeded simulation of design §8.4: the real steps of all services, and what goes wrong.

``run`` lives one seed and judges it. ``harness`` and ``loop`` move actors by hand, ``faults`` says
what happens to them, ``house``, ``instance`` and ``world`` put the services up twice each over
memory, ``lives``, ``households`` and ``clients`` are the people, ``operations`` those who run the
place, ``outside`` bank and departments. ``invariants`` are the guarantees; ``guards`` names what
can be taken out to show that they see it. ``python -m tests.simulation --help`` runs more of it.
"""
