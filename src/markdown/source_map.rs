//! Which bytes of a file each byte of a text was written as.
//!
//! In: stretches of words with the bytes that they were written as. Out: the place of any part of the words.
//! Must not know: Markdown, files.

use std::ops::Range;

/// The places of words that are not written byte by byte as they are read: escapes, character references and facts stand
/// between them, or markup that vanished.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceMap {
    runs: Vec<Run>,
}

/// The words from byte `at` on are written in `len` bytes from `from` on.
#[derive(Clone, Debug, PartialEq)]
struct Run {
    at: usize,
    from: usize,
    len: usize,
    /// The bytes are the same; otherwise the run is one place, which cannot be parted.
    linear: bool,
}

impl SourceMap {
    /// Adds words from byte `at` on that are written as they are read.
    pub fn push(&mut self, at: usize, from: Range<usize>) {
        match self.runs.last_mut() {
            Some(run) if run.linear && run.from + run.len == from.start => run.len += from.len(),
            _ if from.is_empty() => {}
            _ => self.runs.push(Run { at, from: from.start, len: from.len(), linear: true }),
        }
    }

    /// Adds words from byte `at` on that are written as something else: an escape, a reference, a fact.
    pub fn push_whole(&mut self, at: usize, from: Range<usize>) {
        match self.runs.last() {
            // A fact is one place, however many letters it has.
            Some(run) if !run.linear && (run.from..run.from + run.len) == from => {}
            _ => self.runs.push(Run { at, from: from.start, len: from.len(), linear: false }),
        }
    }

    /// Adds a part of another map, whose first byte becomes byte `at`.
    pub fn append(&mut self, at: usize, other: &SourceMap, part: Range<usize>) {
        for (index, run) in other.runs.iter().enumerate() {
            let end = other.runs.get(index + 1).map_or(part.end.max(run.at), |next| next.at);
            let (start, end) = (run.at.max(part.start), end.min(part.end));
            if start >= end {
                continue;
            }
            let at = at + start - part.start;
            match run.linear {
                true => self.push(at, run.from + start - run.at..run.from + end - run.at),
                false => self.push_whole(at, run.from..run.from + run.len),
            }
        }
    }

    /// Takes the last letter off, of which `width` bytes remain before byte `end`. Returns where it began.
    pub fn pop(&mut self, end: usize, width: usize) -> Option<usize> {
        let mut run = self.runs.pop()?;
        let mut start = run.from;
        if run.linear {
            start = run.from + run.len.saturating_sub(width);
            run.len = start - run.from;
            if run.len > 0 {
                self.runs.push(run);
            }
        } else if run.at < end {
            self.runs.push(run);
        }
        Some(start)
    }

    /// True if nothing was added.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The map of words that are written in one place: byte by byte if they are as long as it, otherwise as a whole.
    pub fn of(length: usize, from: Range<usize>) -> SourceMap {
        SourceMap { runs: vec![Run { at: 0, from: from.start, len: from.len(), linear: from.len() == length }] }
    }

    /// True if words of this length are written in one place as [`SourceMap::of`] takes it, so that no map is needed.
    pub fn is_plain(&self, length: usize) -> bool {
        matches!(self.runs.as_slice(), [run] if run.linear == (run.len == length))
    }

    /// The bytes that a part of the words is written as.
    pub fn span(&self, part: Range<usize>) -> Range<usize> {
        let (Some(first), Some(last)) = (self.run(part.start), self.run(part.end.saturating_sub(1).max(part.start)))
        else {
            return 0..0;
        };
        let start = if first.linear { first.from + (part.start - first.at).min(first.len) } else { first.from };
        let end = if last.linear { last.from + (part.end - last.at).min(last.len) } else { last.from + last.len };
        start..end.max(start)
    }

    fn run(&self, at: usize) -> Option<&Run> {
        let next = self.runs.partition_point(|run| run.at <= at);
        self.runs.get(next.checked_sub(1)?)
    }

    /// The map of words that are written in a text which has a map itself.
    pub fn through(&self, outer: &SourceMap) -> SourceMap {
        let mut out = SourceMap::default();
        for run in &self.runs {
            match run.linear {
                true => out.append(run.at, outer, run.from..run.from + run.len),
                false => out.push_whole(run.at, outer.span(run.from..run.from + run.len)),
            }
        }
        out
    }

    /// Its runs: the first byte of the words, the bytes that they are written as, and whether byte by byte.
    pub fn runs(&self) -> impl Iterator<Item = (usize, Range<usize>, bool)> {
        self.runs.iter().map(|run| (run.at, run.from..run.from + run.len, run.linear))
    }
}
