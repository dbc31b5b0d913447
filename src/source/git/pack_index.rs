//! The index of a pack: a file's bytes → the ids and offsets of its objects (gitformat-pack,
//! versions 1 and 2).

use super::Id;

/// The ids in a pack and where each lies.
#[derive(Debug)]
pub(super) struct PackIndex {
    bytes: Vec<u8>,
    hash: usize,
    count: usize,
    version: u8,
}

const MAGIC: &[u8] = b"\xfftOc\0\0\0\x02";
const FANOUT: usize = 256 * 4;

impl PackIndex {
    /// Reads an index of ids of `hash` bytes. `None` if it is none.
    pub(super) fn parse(bytes: Vec<u8>, hash: usize) -> Option<PackIndex> {
        let version = if bytes.starts_with(MAGIC) { 2 } else { 1 };
        let fanout = if version == 2 { MAGIC.len() } else { 0 };
        let count = number(&bytes, fanout + FANOUT - 4)? as usize;
        let entry = if version == 2 { hash + 4 + 4 } else { 4 + hash };
        let least = count.checked_mul(entry)?.checked_add(fanout + FANOUT + 2 * hash)?;
        (bytes.len() >= least).then_some(PackIndex { bytes, hash, count, version })
    }

    /// Number of objects.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The id of an object.
    pub(super) fn id(&self, n: usize) -> Option<Id> {
        let at =
            if self.version == 2 { MAGIC.len() + FANOUT + n * self.hash } else { FANOUT + n * (4 + self.hash) + 4 };
        Id::new(self.bytes.get(at..at + self.hash)?)
    }

    /// Offset of an object in the pack, in bytes.
    pub(super) fn offset(&self, n: usize) -> Option<u64> {
        if self.version == 1 {
            return Some(u64::from(number(&self.bytes, FANOUT + n * (4 + self.hash))?));
        }
        let table = MAGIC.len() + FANOUT + self.count * (self.hash + 4);
        let small = number(&self.bytes, table + n * 4)?;
        if small & 0x8000_0000 == 0 {
            return Some(u64::from(small));
        }
        let at = table + self.count * 4 + (small & 0x7FFF_FFFF) as usize * 8;
        Some(u64::from(number(&self.bytes, at)?) << 32 | u64::from(number(&self.bytes, at + 4)?))
    }

    /// The object with an id.
    pub(super) fn find(&self, id: &Id) -> Option<usize> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.id(middle)?.cmp(id) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}
