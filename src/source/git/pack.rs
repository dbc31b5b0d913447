//! All objects of a pack, each decoded once: pack and index → (id, kind, content).
//!
//! Objects are visited family by family: a base, then everything made out of it by deltas, so
//! that a base is inflated once and leaves memory when its last delta is made. Families of trees
//! are passed over. Format: gitformat-pack.

use std::fs::File;
use std::io;
use std::path::Path;
use std::rc::Rc;

use flate2::{Decompress, FlushDecompress, Status};

use super::pack_index::PackIndex;
use super::{Id, LARGE, delta};
use crate::error::{Problem, ProblemKind};
use crate::extract::{OnDisk, ReadAt as _};

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Commit,
    Blob,
    Tag,
}

/// What is in it.
pub(super) enum Content {
    Bytes(Vec<u8>),
    /// To be read by other means.
    TooLong,
    Broken(Problem),
}

/// Takes an object; `false` ends the walk.
pub(super) type Visit<'v> = &'v mut dyn FnMut(Id, Kind, Content) -> bool;

/// Objects longer than this are not decoded here, nor what is made out of them.
const LONGEST: u64 = 64 << 20;
/// Bytes of bases in memory; beyond them deltas are left to other means.
const MOST_BASES: usize = 96 << 20;
/// Read at a time while looking for the objects' headers.
const BLOCK: usize = 1 << 20;
/// Longest header: type and size, and the base's id or offset.
const HEADER: usize = 10 + 32;

/// A pack.
pub(super) struct Pack {
    file: File,
    size: u64,
    index: PackIndex,
    hash: usize,
    nodes: Vec<Node>,
}

/// An object in the order of offsets, and its place in its family.
struct Node {
    offset: u64,
    /// Number in the index.
    name: u32,
    shape: Shape,
    first_delta: u32,
    next_delta: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Base(Kind),
    /// A tree, or something no version of git writes.
    Other,
    Delta,
    /// A delta whose base is not in the pack, or a broken header.
    Broken,
}

const NONE: u32 = u32::MAX;

/// The base of what is decoded next.
enum Base {
    None,
    Data(Rc<Vec<u8>>),
    TooLong,
    Broken,
}

/// Memory reused from object to object.
struct Scratch {
    raw: Vec<u8>,
    delta: Vec<u8>,
    inflate: Decompress,
}

impl Pack {
    /// Opens the pack that belongs to the index at `path`; ids have `hash` bytes.
    pub(super) fn open(path: &Path, hash: usize) -> Result<Pack, Problem> {
        let read = |e: io::Error| Problem::from_io(&e);
        let index = PackIndex::parse(std::fs::read(path).map_err(read)?, hash)
            .ok_or_else(|| Problem::new(ProblemKind::Damaged, "pack index"))?;
        let file = File::open(path.with_extension("pack")).map_err(read)?;
        let size = file.metadata().map_err(read)?.len();
        let mut pack = Pack { file, size, index, hash, nodes: Vec::new() };
        pack.nodes = pack.families().map_err(read)?;
        Ok(pack)
    }

    /// Reads every object's header and links deltas to their bases.
    fn families(&self) -> io::Result<Vec<Node>> {
        let broken = || io::Error::new(io::ErrorKind::InvalidData, "pack index");
        let node = |n: usize| {
            let offset = self.index.offset(n)?;
            Some(Node { offset, name: n as u32, shape: Shape::Other, first_delta: NONE, next_delta: NONE })
        };
        let mut nodes: Vec<Node> = (0..self.index.len()).map(node).collect::<Option<_>>().ok_or_else(broken)?;
        nodes.sort_unstable_by_key(|node| node.offset);
        let find = |nodes: &[Node], offset: u64| nodes.binary_search_by_key(&offset, |node| node.offset).ok();
        let mut block = Vec::new();
        let mut block_at = 0;
        for i in 0..nodes.len() {
            let offset = nodes[i].offset;
            if offset < block_at || offset + HEADER as u64 > block_at + block.len() as u64 {
                self.read(&mut block, offset, BLOCK)?;
                block_at = offset;
            }
            let header = Header::parse(&block[(offset - block_at) as usize..], self.hash);
            let base = match header.as_ref().map(|header| &header.shape) {
                Some(Packed::Whole(kind)) => {
                    nodes[i].shape = kind.map_or(Shape::Other, Shape::Base);
                    continue;
                }
                Some(Packed::AtOffset(back)) => offset.checked_sub(*back).and_then(|at| find(&nodes, at)),
                Some(Packed::OfId(id)) => {
                    self.index.find(id).and_then(|n| self.index.offset(n)).and_then(|at| find(&nodes, at))
                }
                None => None,
            };
            match base.filter(|&base| base != i) {
                Some(base) => {
                    nodes[i].shape = Shape::Delta;
                    nodes[i].next_delta = nodes[base].first_delta;
                    nodes[base].first_delta = i as u32;
                }
                None => nodes[i].shape = Shape::Broken,
            }
        }
        Ok(nodes)
    }

    /// Visits all objects but trees. `false`: the visitor has ended it.
    pub(super) fn walk(&self, visit: Visit<'_>) -> bool {
        let mut scratch = Scratch { raw: Vec::new(), delta: Vec::new(), inflate: Decompress::new(true) };
        let mut met = vec![false; self.nodes.len()];
        for (i, node) in self.nodes.iter().enumerate() {
            let root = i as u32;
            let go_on = match node.shape {
                Shape::Base(kind) => self.family(root, kind, Base::None, &mut met, &mut scratch, visit),
                // Its kind is unknown; a blob is what matters.
                Shape::Broken => self.family(root, Kind::Blob, Base::Broken, &mut met, &mut scratch, visit),
                Shape::Other => {
                    self.pass_over(root, &mut met);
                    true
                }
                Shape::Delta => true,
            };
            if !go_on {
                return false;
            }
        }
        // Deltas that are each other's bases: no version of git writes them.
        let lost = |i: &usize| !met[*i];
        (0..met.len()).filter(lost).all(|i| match self.index.id(self.nodes[i].name as usize) {
            Some(id) => visit(id, Kind::Blob, Content::Broken(damaged("a delta without a base"))),
            None => true,
        })
    }

    /// Marks a family as met without decoding it.
    fn pass_over(&self, root: u32, met: &mut [bool]) {
        let mut waiting = vec![root];
        while let Some(i) = waiting.pop() {
            met[i as usize] = true;
            let mut next = self.nodes[i as usize].first_delta;
            while next != NONE {
                waiting.push(next);
                next = self.nodes[next as usize].next_delta;
            }
        }
    }

    /// Visits an object and everything that is made out of it.
    fn family(
        &self,
        root: u32,
        kind: Kind,
        base: Base,
        met: &mut [bool],
        scratch: &mut Scratch,
        visit: Visit<'_>,
    ) -> bool {
        let mut waiting = vec![(root, base)];
        let mut bases = 0;
        while let Some((i, base)) = waiting.pop() {
            let node = &self.nodes[i as usize];
            met[i as usize] = true;
            let Some(id) = self.index.id(node.name as usize) else { continue };
            let content = match &base {
                Base::None => self.decode(i, None, scratch),
                Base::Data(data) => self.decode(i, Some(data), scratch),
                Base::TooLong => Content::TooLong,
                Base::Broken => Content::Broken(damaged("its base is damaged or missing")),
            };
            if let Base::Data(data) = base
                && let Some(data) = Rc::into_inner(data)
            {
                bases -= data.len();
            }
            let has_deltas = node.first_delta != NONE;
            let (content, share) = match content {
                Content::Bytes(data) if has_deltas && bases + data.len() > MOST_BASES => {
                    (Content::Bytes(data), Base::TooLong)
                }
                Content::Bytes(data) if has_deltas => {
                    bases += data.len();
                    (Content::Bytes(data.clone()), Base::Data(Rc::new(data)))
                }
                Content::TooLong => (Content::TooLong, Base::TooLong),
                Content::Broken(problem) => (Content::Broken(problem), Base::Broken),
                content => (content, Base::None),
            };
            let mut next = node.first_delta;
            while next != NONE {
                let base = match &share {
                    Base::Data(data) => Base::Data(data.clone()),
                    Base::TooLong => Base::TooLong,
                    Base::Broken | Base::None => Base::Broken,
                };
                waiting.push((next, base));
                next = self.nodes[next as usize].next_delta;
            }
            let long = matches!(&content, Content::Bytes(data) if data.len() as u64 > LARGE && !has_deltas);
            if !visit(id, kind, if long { Content::TooLong } else { content }) {
                return false;
            }
        }
        true
    }

    /// Decodes an object, out of its base if it is a delta.
    fn decode(&self, i: u32, base: Option<&[u8]>, scratch: &mut Scratch) -> Content {
        let i = i as usize;
        let offset = self.nodes[i].offset;
        let end = self.nodes.get(i + 1).map_or(self.size.saturating_sub(self.hash as u64), |next| next.offset);
        let length = end.saturating_sub(offset);
        if length > LONGEST {
            return Content::TooLong;
        }
        let Scratch { raw, delta: instructions, inflate } = scratch;
        let decoded = (|| {
            self.read(raw, offset, length as usize)?;
            let header = Header::parse(raw, self.hash).ok_or(io::ErrorKind::InvalidData)?;
            let packed = &raw[header.length..];
            let mut whole = Vec::new();
            let Some(base) = base else {
                if header.size > LONGEST {
                    return Ok(None);
                }
                inflated(inflate, packed, header.size, &mut whole)?;
                return Ok(Some(whole));
            };
            if header.size > LONGEST {
                return Ok(None);
            }
            inflated(inflate, packed, header.size, instructions)?;
            if delta::target_size(instructions).is_none_or(|size| size > LONGEST) {
                return Ok(None);
            }
            delta::apply(base, instructions).map(Some)
        })();
        match decoded {
            Ok(Some(bytes)) => Content::Bytes(bytes),
            Ok(None) => Content::TooLong,
            Err(e) if e.kind() == io::ErrorKind::InvalidData => Content::Broken(damaged("object in a pack")),
            Err(e) => Content::Broken(Problem::from_io(&e)),
        }
    }

    /// Fills `buffer` with up to `length` bytes from `at`.
    fn read(&self, buffer: &mut Vec<u8>, at: u64, length: usize) -> io::Result<()> {
        let file = OnDisk { file: &self.file, size: self.size };
        let length = length.min(usize::try_from(self.size.saturating_sub(at)).unwrap_or(usize::MAX));
        buffer.resize(length, 0);
        let mut filled = 0;
        while filled < length {
            match file.read_at(&mut buffer[filled..], at + filled as u64)? {
                0 => break,
                n => filled += n,
            }
        }
        buffer.truncate(filled);
        Ok(())
    }
}

fn damaged(what: &str) -> Problem {
    Problem::new(ProblemKind::Damaged, what)
}

/// Inflates exactly `size` bytes.
fn inflated(inflate: &mut Decompress, packed: &[u8], size: u64, out: &mut Vec<u8>) -> io::Result<()> {
    let size = size as usize;
    inflate.reset(true);
    out.clear();
    // One more, so that there is room to see the end of an empty object.
    out.reserve(size + 1);
    let status = inflate.decompress_vec(packed, out, FlushDecompress::Finish);
    match status {
        Ok(Status::StreamEnd) if out.len() == size => Ok(()),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// How an object is stored.
enum Packed {
    /// As itself; `None` for a tree.
    Whole(Option<Kind>),
    /// As a delta of the object so many bytes before it.
    AtOffset(u64),
    /// As a delta of a named object.
    OfId(Id),
}

/// What stands before an object's data.
struct Header {
    shape: Packed,
    /// Size of the inflated data in bytes.
    size: u64,
    /// Its own length in bytes.
    length: usize,
}

impl Header {
    fn parse(bytes: &[u8], hash: usize) -> Option<Header> {
        let (&first, _) = bytes.split_first()?;
        let mut size = u64::from(first & 0x0F);
        let mut at = 1;
        let mut shift = 4;
        let mut byte = first;
        while byte & 0x80 != 0 {
            byte = *bytes.get(at)?;
            size |= u64::from(byte & 0x7F).checked_shl(shift).filter(|_| shift < 60)?;
            at += 1;
            shift += 7;
        }
        let shape = match first >> 4 & 7 {
            1 => Packed::Whole(Some(Kind::Commit)),
            2 => Packed::Whole(None),
            3 => Packed::Whole(Some(Kind::Blob)),
            4 => Packed::Whole(Some(Kind::Tag)),
            6 => {
                let mut byte = *bytes.get(at)?;
                let mut back = u64::from(byte & 0x7F);
                at += 1;
                while byte & 0x80 != 0 {
                    byte = *bytes.get(at)?;
                    back = (back + 1).checked_mul(128)? | u64::from(byte & 0x7F);
                    at += 1;
                }
                Packed::AtOffset(back)
            }
            7 => {
                let id = Id::new(bytes.get(at..at + hash)?)?;
                at += hash;
                Packed::OfId(id)
            }
            _ => return None,
        };
        Some(Header { shape, size, length: at })
    }
}
