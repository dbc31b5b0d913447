//! What a decoder made of part of a text, on its way through the loop again.
//!
//! Text is searched and decoded further, a container is opened; of a run that is longer than a
//! window, a container is collected first. Positions lead back through all the texts around.

use std::ops::Range;

use super::file::File;
use super::found::Found;
use super::stream::{Collected, MOST_COLLECTED, Nested, Run, Stream};
use super::view::{Place, View};
use super::worker::{Level, Worker};
use crate::chunk::{Left, Step};
use crate::decode::Derived;
use crate::detect::Setting;
use crate::error::{Problem, ProblemKind};
use crate::extract::{HEAD, Kind, sniff};

impl Worker<'_> {
    /// Looks at what a decoder made of part of a text that answers for `core`. Of a run that is
    /// longer than the window, this is a piece; `stream` holds what came before.
    pub(super) fn derived(
        &mut self,
        file: &mut File<'_, '_>,
        from: &View<'_>,
        derived: &Derived,
        core: &Range<usize>,
        stream: &mut Stream,
        found: &mut Found,
    ) {
        if file.budget.left() == Left::Nothing {
            return;
        }
        let origin =
            from.origin_at(derived.at(0)).step(Step::Decoded { by: derived.by, at: from.byte_of(derived.at(0)) });
        let bytes = derived.bytes.as_slice();
        self.summary.decoded_bytes += bytes.len() as u64;
        let nested = match if derived.begins { None } else { stream.take() } {
            Some(Run::Text(nested)) => Some(nested),
            Some(Run::Container(collected)) => return self.collect(file, collected, derived, core, stream),
            None if derived.begins && matches!(sniff(&bytes[..bytes.len().min(HEAD)]), Kind::Container(_)) => {
                if !found.opens(from.byte_of(derived.at(0))) {
                    return;
                }
                if derived.ends {
                    self.input(file, &origin, &mut &*bytes, Some(bytes.len() as u64), None);
                } else {
                    self.collect(file, Collected::new(origin), derived, core, stream);
                }
                return;
            }
            None => None,
        };
        let entered = file.budget.enter(&origin);
        if let Err(problem) = entered.and_then(|()| file.budget.spend(bytes.len() as u64)) {
            file.problem(origin, problem, &mut self.summary);
            return;
        }
        let mut level = self.levels.pop().unwrap_or_default();
        let Level { reader, decoder, seen, .. } = &mut level;
        reader.begin(bytes);
        let text = reader.read(bytes, 0);
        let place = Place::Derived { from, derived };
        let setting = Setting { above: None, is_built: false, ..from.setting };
        let view = View { origin: &origin, text: &text, setting, place };
        let all = 0..text.bytes.len();
        self.search_decoded(file, &view);
        self.search(file, &view, all.clone(), &mut seen.hits, found);
        if derived.begins && derived.ends {
            decoder.begin(Some(derived));
            let mut inner = Stream::default();
            decoder.decode(text.bytes, all.clone(), &mut |inside| {
                self.derived(file, &view, inside, &all, &mut inner, found);
            });
            self.end_of_window(file, &mut inner, true);
        } else {
            let mut nested = nested.unwrap_or_else(|| {
                let mut nested = Box::<Nested>::default();
                nested.decoder.begin(Some(derived));
                nested
            });
            let part = if derived.ends { derived.part_of(core).start..bytes.len() } else { derived.part_of(core) };
            let part = text.map.find(part.start, all.end)..text.map.find(part.end, all.end);
            let Nested { decoder, stream: inner } = &mut *nested;
            decoder.decode(text.bytes, part.clone(), &mut |inside| {
                self.derived(file, &view, inside, &part, inner, found);
            });
            self.end_of_window(file, inner, derived.ends);
            if !derived.ends {
                stream.put(Run::Text(nested));
            }
        }
        self.levels.push(level);
    }

    /// Adds a piece to a container that is longer than a window, and opens it when it is whole.
    fn collect(
        &mut self,
        file: &mut File<'_, '_>,
        mut collected: Collected,
        piece: &Derived,
        core: &Range<usize>,
        stream: &mut Stream,
    ) {
        let mut part = piece.part_of(core);
        if piece.ends {
            part.end = piece.bytes.len();
        }
        collected.add(&piece.bytes, part, MOST_COLLECTED.min(file.budget.remaining()));
        if piece.ends {
            self.open(file, Run::Container(collected));
        } else {
            stream.put(Run::Container(collected));
        }
    }

    /// Opens what was collected of a run of which no more will come.
    fn open(&mut self, file: &mut File<'_, '_>, run: Run) {
        match run {
            Run::Container(Collected { origin, bytes, cut }) => {
                self.input(file, &origin, &mut bytes.as_slice(), Some(bytes.len() as u64), None);
                if cut {
                    let problem = Problem::new(ProblemKind::Limit, format!("bytes in memory > {}", bytes.len()));
                    file.problem(origin, problem, &mut self.summary);
                }
            }
            Run::Text(mut nested) => self.end_of_window(file, &mut nested.stream, true),
        }
    }

    /// A window has been looked at. `last`: no further one follows.
    pub(super) fn end_of_window(&mut self, file: &mut File<'_, '_>, stream: &mut Stream, last: bool) {
        if let Some(run) = stream.ended(last) {
            self.open(file, run);
        }
    }
}
