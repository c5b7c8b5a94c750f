"""Who was told what, in which order: the judge of lost, doubled and reordered messages."""

from collections import Counter


class Ledger:
    """Each author numbers the own messages from 1; each of the `readers` of an author must see them all, once, in order."""

    def __init__(self, readers: dict[int, tuple[int, ...]]):
        self.sent: Counter[int] = Counter()
        self.answered: Counter[int] = Counter()
        self.seen: dict[tuple[int, int], list[int]] = {
            (reader, author): [] for author, all_of_them in readers.items() for reader in all_of_them
        }
        self.strange: Counter[str] = Counter()  # whatever else must not be

    def send(self, author: int) -> int:
        self.sent[author] += 1
        return self.sent[author]

    def see(self, reader: int, author: int, number: int) -> None:
        seen = self.seen.get((reader, author))
        if seen is None:
            self.strange["a message of a talk that is not the reader's"] += 1
        else:
            seen.append(number)

    def faults(self, answers: bool = True) -> list[str]:
        """`answers`: whether every message has to be answered to its author, once."""
        found: Counter[str] = Counter()
        for (_reader, author), numbers in self.seen.items():
            once = set(numbers)
            found["lost"] += len(set(range(1, self.sent[author] + 1)) - once)
            found["never sent"] += sum(not 1 <= number <= self.sent[author] for number in once)
            found["doubled"] += len(numbers) - len(once)
            highest = 0
            for number in numbers:
                found["reordered"] += number < highest
                highest = max(highest, number)
        if answers:
            found["unanswered"] += sum(max(0, number - self.answered[author]) for author, number in self.sent.items())
            found["answered twice"] += sum(max(0, self.answered[author] - number) for author, number in self.sent.items())
        return [f"{number} × {what}" for what, number in (found + self.strange).items() if number]
