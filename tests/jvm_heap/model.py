"""A Python model of a heap under the mock client: what exists, who points to whom, what must survive.

Every object of the model carries a stamp (a number in its first data word, or the pattern of a primitive
array), so that content is checked, not only existence.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from demitasse import _guest as guest

INSTANCE, REFERENCE, MIRROR, REF_ARRAY, PRIMITIVE_ARRAY, LOADER = range(1, 7)
SOFT, WEAK, FINAL, PHANTOM = range(1, 5)

HEADER = 8
ARRAY_BASE = 12

#: Layout of the mock's java.lang.ref.Reference: referent, queue, next, discovered, stamp, timestamp.
REFERENT, QUEUE, NEXT, DISCOVERED, REFERENCE_STAMP, TIMESTAMP = 8, 12, 16, 20, 24, 32


@dataclass
class Node:
    """One object: where its stamp and its reference fields are, and what they hold."""

    address: int
    stamp: int
    stamp_offset: int
    targets: dict[int, Node | None] = field(default_factory=dict)
    pattern: bytes = b""

    def check(self) -> None:
        assert guest.heap_find(self.address) == self.address
        if self.pattern:
            assert guest.heap_bytes(self.address + ARRAY_BASE, len(self.pattern)) == self.pattern
            return
        if self.stamp_offset:
            assert guest.heap_peek(self.address + self.stamp_offset) == self.stamp
        for offset, target in self.targets.items():
            assert guest.heap_load(self.address, offset) == (target.address if target else 0)


class Heap:
    """A fresh heap with a few shapes, and the model's own idea of what lives in it."""

    def __init__(self, maximum: int = 8 << 20, **settings: int) -> None:
        settings.setdefault("initial", 64 << 10)
        assert guest.heap_open(maximum, **settings) == 0
        # Instances with n reference fields after a stamp; the references in one run or in two.
        self.instances = {n: guest.heap_shape(INSTANCE, (HEADER + 4 + 4 * n + 7) & ~7, [(12, n)] if n else [])
                          for n in (0, 1, 3, 8)}
        self.split = guest.heap_shape(INSTANCE, 40, [(8, 1), (24, 2)])
        self.wide = guest.heap_shape(INSTANCE, 1000, [(12, 4), (992, 2)])
        self.ref_array = guest.heap_shape(REF_ARRAY, log_element=2)
        self.byte_array = guest.heap_shape(PRIMITIVE_ARRAY, log_element=0)
        self.long_array = guest.heap_shape(PRIMITIVE_ARRAY, log_element=3)
        self.references = {s: guest.heap_shape(REFERENCE, 40, [(QUEUE, 2)], strength=s) for s in (SOFT, WEAK, FINAL, PHANTOM)}
        self.mirror = guest.heap_shape(MIRROR, 16, [(12, 1)])
        self.loader = guest.heap_shape(LOADER, 16, [(12, 1)])
        guest.heap_references(REFERENT, DISCOVERED, NEXT, TIMESTAMP)
        self.stamps = 0
        self.roots: dict[int, Node] = {}

    # Makers return None when the heap is exhausted.

    def _node(self, address: int, stamp_offset: int, offsets: list[int]) -> Node | None:
        if not address:
            return None
        self.stamps += 1
        if stamp_offset:
            guest.heap_poke(address + stamp_offset, self.stamps)
        return Node(address, self.stamps, stamp_offset, dict.fromkeys(offsets))

    def instance(self, count: int = 3, span: int = 0) -> Node | None:
        return self._node(guest.heap_object(self.instances[count], span), 8, [12 + 4 * i for i in range(count)])

    def split_instance(self, span: int = 0) -> Node | None:
        return self._node(guest.heap_object(self.split, span), 12, [8, 24, 28])

    def wide_instance(self, span: int = 0) -> Node | None:
        return self._node(guest.heap_object(self.wide, span), 8, [12, 16, 20, 24, 992, 996])

    def array(self, length: int, span: int = 0) -> Node | None:
        return self._node(guest.heap_array(self.ref_array, length, span), 0, [ARRAY_BASE + 4 * i for i in range(length)])

    def bytes(self, length: int, span: int = 0) -> Node | None:
        node = self._node(guest.heap_array(self.byte_array, length, span), 0, [])
        if node:
            assert guest.heap_bytes(node.address + ARRAY_BASE, length) == bytes(length), "new memory is not zero"
            node.pattern = bytes((node.stamp + i) & 0xFF for i in range(length))
            for index in {0, length // 2, length - 1} & set(range(length)):
                guest.heap_poke(node.address + ARRAY_BASE + index, node.pattern[index], 1)
            if length:
                marked = bytearray(length)
                for index in (0, length // 2, length - 1):
                    marked[index] = node.pattern[index]
                node.pattern = bytes(marked)
        return node

    def reference(self, strength: int, referent: Node | None, span: int = 0) -> Node | None:
        node = self._node(guest.heap_object(self.references[strength], span), REFERENCE_STAMP, [])
        if node and referent:
            guest.heap_store(node.address, REFERENT, referent.address)
        return node

    def link(self, source: Node, offset: int, target: Node | None) -> None:
        source.targets[offset] = target
        guest.heap_store(source.address, offset, target.address if target else 0)

    def root(self, index: int, node: Node | None) -> None:
        guest.heap_root(index, node.address if node else 0)
        if node:
            self.roots[index] = node
        else:
            self.roots.pop(index, None)

    # Questions.

    def reachable(self, *more: Node) -> list[Node]:
        seen: dict[int, Node] = {}
        queue = [*self.roots.values(), *more]
        while queue:
            node = queue.pop()
            if node.address not in seen:
                seen[node.address] = node
                queue += [t for t in node.targets.values() if t]
        return list(seen.values())

    def check(self) -> None:
        """After a collection with exact roots: exactly the reachable objects exist, with their content."""
        expected = self.reachable()
        for node in expected:
            node.check()
        assert guest.heap_objects() == sorted(node.address for node in expected)
        self.verify()

    def verify(self) -> None:
        assert guest.heap_check() == (0, [])


def referent_of(reference: Node) -> int:
    return guest.heap_load(reference.address, REFERENT)


def pending_list() -> list[int]:
    """Take the pending list as the ReferenceHandler does: follow `discovered` and clear it."""
    found = []
    address = guest.heap_pending()
    while address:
        found.append(address)
        following = guest.heap_load(address, DISCOVERED)
        guest.heap_store(address, DISCOVERED, 0)
        address = following
    return found
