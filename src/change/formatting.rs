//! Changes that are none of words: emphasis, link targets, kinds of blocks, typographic signs.
//!
//! In: two leaves that belong together. Out: what differs in their looks. Must not know: words.

use super::flat::{Flat, Form, LeafKind, NONE, Piece, Style};
use super::{Entry, Redline, tidy};
use std::ops::Range;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Formatting {
    pub emphasis: bool,
    pub links: bool,
    pub images: bool,
    /// A paragraph became a heading, a heading another level.
    pub block: bool,
    /// Typographic quotes and hyphens; never white space alone.
    pub typography: bool,
}

impl Formatting {
    pub fn any(self) -> bool {
        self != Formatting::default()
    }
}

/// Returns the differences between leaves; `same_words` is true if their words are equal.
pub fn compare(old: &Flat, new: &Flat, olds: Range<usize>, news: Range<usize>, same_words: bool) -> Formatting {
    let mut out = Formatting::default();
    if olds.len() == 1 && news.len() == 1 {
        let (a, b) = (&old.leaves[olds.start], &new.leaves[news.start]);
        out.block = match (a.kind, b.kind) {
            (LeafKind::Heading(x), LeafKind::Heading(y)) => x != y,
            (x, y) => x.class() == 0 && y.class() == 0 && x != y,
        };
        if same_words {
            let (was, is) = (&old.text[a.text.clone()], &new.text[b.text.clone()]);
            out.typography = was != is && tidy(was) != tidy(is);
            if a.parts.len() == b.parts.len() && was == is {
                for (x, y) in a.parts.clone().zip(b.parts.clone()) {
                    pieces(old, new, x, y, &mut out);
                }
                return out;
            }
        }
    }
    // Words differ: only targets can be told apart from them.
    let (x, y) = (targets(old, olds), targets(new, news));
    let came_or_went = same_words && x.len() != y.len();
    out.links = came_or_went || moved_on(&x, &y).next().is_some();
    out
}

/// True if two links lead to one place: they differ at most in the number that a section's anchor begins with, which
/// moved along with the section.
fn same_place(a: &str, b: &str) -> bool {
    a == b
        || match (a.split_once('#'), b.split_once('#')) {
            (Some((page, a)), Some((other, b))) => page == other && !a.is_empty() && unnumbered(a) == unnumbered(b),
            _ => false,
        }
}

/// An anchor without the numbers and single letters that it begins with: `f-2-payment` is `payment`.
fn unnumbered(anchor: &str) -> &str {
    let mut rest = anchor;
    while let Some((label, after)) = rest.split_once('-') {
        let number = label.len() == 1 || label.bytes().all(|byte| byte.is_ascii_digit() || b"ivx".contains(&byte));
        if !number || after.is_empty() {
            break;
        }
        rest = after;
    }
    rest
}

fn pieces(old: &Flat, new: &Flat, a: usize, b: usize, out: &mut Formatting) {
    let (a, b) = (&old.parts[a], &new.parts[b]);
    let (mut x, mut y) =
        (old.pieces[a.pieces.clone()].iter().peekable(), new.pieces[b.pieces.clone()].iter().peekable());
    let end = |piece: &Piece, from: usize| piece.text.end - from;
    while let (Some(p), Some(q)) = (x.peek(), y.peek()) {
        if p.form != q.form {
            match (&p.form, &q.form) {
                (Form::Image { .. }, _) | (_, Form::Image { .. }) => out.images = true,
                (Form::Note { .. }, Form::Note { .. }) => {}
                _ => out.emphasis = true,
            }
        }
        if (p.wrap, q.wrap) != (NONE, NONE) {
            wraps(old, new, p.wrap, q.wrap, out);
        }
        let (p_end, q_end) = (end(p, a.text.start), end(q, b.text.start));
        if p_end <= q_end {
            x.next();
        }
        if q_end <= p_end {
            y.next();
        }
    }
}

fn wraps(old: &Flat, new: &Flat, p: u32, q: u32, out: &mut Formatting) {
    let (x, y) = (old.chain(p), new.chain(q));
    if x.len() != y.len() {
        let link = |flat: &Flat, chain: &[u32]| {
            chain.iter().filter(|wrap| matches!(flat.wraps[**wrap as usize].style, Style::Link { .. })).count()
        };
        match link(old, &x) == link(new, &y) {
            true => out.emphasis = true,
            false => out.links = true,
        }
        return;
    }
    for (p, q) in x.into_iter().zip(y) {
        if !alike(&old.wraps[p as usize].style, &new.wraps[q as usize].style) {
            match old.wraps[p as usize].style {
                Style::Link { .. } => out.links = true,
                _ => out.emphasis = true,
            }
        }
    }
}

/// True if two wrappers look the same and lead to the same place.
pub fn alike(a: &Style, b: &Style) -> bool {
    match (a, b) {
        (Style::Link { url: a, title: s }, Style::Link { url: b, title: t }) => same_place(a, b) && s == t,
        _ => a == b,
    }
}

impl Redline<'_> {
    /// Links of an entry that kept their words and lead elsewhere now, each from where to where.
    pub fn links(&self, entry: &Entry) -> Vec<(&str, &str)> {
        if !entry.formatting.links {
            return Vec::new();
        }
        let (x, y) = (targets(&self.old, entry.old.clone()), targets(&self.new, entry.new.clone()));
        moved_on(&x, &y).collect()
    }
}

/// Links with the same words, the first with the first and so on, that lead to different places.
fn moved_on<'t, 'f>(
    olds: &'t [Link<'f>],
    news: &'t [Link<'f>],
) -> impl Iterator<Item = (&'f str, &'f str)> + use<'t, 'f> {
    let nth = |links: &[Link], at: usize| links[..at].iter().filter(|link| link.words == links[at].words).count();
    olds.iter().enumerate().filter_map(move |(at, old)| {
        let new = news.iter().filter(|new| new.words == old.words).nth(nth(olds, at))?;
        (!same_place(old.url, new.url)).then_some((old.url, new.url))
    })
}

struct Link<'f> {
    words: String,
    url: &'f str,
}

/// The links of leaves in order.
fn targets<'f>(flat: &'f Flat, leaves: Range<usize>) -> Vec<Link<'f>> {
    let mut out: Vec<Link> = Vec::new();
    let mut last = NONE;
    for piece in leaves
        .flat_map(|leaf| flat.leaves[leaf].parts.clone())
        .flat_map(|part| &flat.pieces[flat.parts[part].pieces.clone()])
    {
        let mut wrap = piece.wrap;
        while wrap != NONE {
            let here = &flat.wraps[wrap as usize];
            if let Style::Link { url, .. } = &here.style {
                if wrap != last {
                    out.push(Link { words: String::new(), url });
                    last = wrap;
                }
                if let Some(link) = out.last_mut() {
                    link.words.push_str(&flat.text[piece.text.clone()]);
                }
                break;
            }
            wrap = here.parent;
        }
    }
    out
}
