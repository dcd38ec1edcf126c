//! Rows of links between numeric ids, parsed in bulk by all threads.

use rayon::prelude::*;

use crate::network::links::LinkBuffer;
use crate::network::options::ReadOptions;
use crate::network::skipped::SkippedRows;
use crate::network::weight::weight_and_more;
use crate::scan::token::{leading_whole, skip_blanks};

/// Bytes parsed by one thread at a time.
const PIECE: usize = 1 << 16;

/// Links in the rows of a piece of a file.
#[derive(Debug, Default)]
pub(crate) struct ParsedRows {
    pub(crate) links: LinkBuffer,
    pub(crate) skipped: SkippedRows,
    /// Number of lines, including lines without a link.
    pub(crate) lines: u64,
    /// Number of bytes of these lines.
    pub(crate) bytes: usize,
}

/// Parses `text`, which holds whole lines, in parallel pieces. Stops at the first line that is
/// neither a link between ids below 2^32, nor a comment, nor blank. That line may be invalid or a
/// heading.
///
/// The contents of `rows` are replaced. Reusing its memory avoids page faults.
pub(crate) fn parse(text: &[u8], options: &ReadOptions, rows: &mut Vec<ParsedRows>) {
    let pieces = pieces(text);
    rows.resize_with(rows.len().max(pieces.len()), ParsedRows::default);
    rows.par_iter_mut().zip(&pieces).for_each(|(rows, piece)| rows.parse(piece, options));
    let whole = rows.iter().zip(&pieces).take_while(|(rows, piece)| rows.bytes == piece.len()).count();
    rows[whole.min(pieces.len() - 1) + 1..].iter_mut().for_each(ParsedRows::clear);
}

/// Splits a text of whole lines into pieces.
pub(crate) fn pieces(text: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::with_capacity(text.len() / PIECE + 1);
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, more) = rest.split_at(line_end(rest, PIECE));
        pieces.push(piece);
        rest = more;
    }
    pieces
}

/// Returns the end of the line that contains the byte at `place`, or the end of `text`.
pub(crate) fn line_end(text: &[u8], place: usize) -> usize {
    let rest = text.get(place..).unwrap_or_default();
    memchr::memchr(b'\n', rest).map_or(text.len(), |line_feed| place + line_feed + 1)
}

impl ParsedRows {
    fn clear(&mut self) {
        self.links.clear();
        (self.skipped, self.lines, self.bytes) = (SkippedRows::default(), 0, 0);
    }

    fn parse(&mut self, piece: &[u8], options: &ReadOptions) {
        self.clear();
        while self.bytes < piece.len() {
            let text = &piece[self.bytes..];
            let row = match plain_row(text) {
                Some(row) => row,
                None => match any_row(&text[..line_end(text, 0)], self) {
                    Some(Some(row)) => row,
                    Some(None) => continue,
                    None => break,
                },
            };
            self.lines += 1;
            self.bytes += row.bytes;
            if self.skipped.accepts(options, row.weight, row.source == row.target) {
                self.links.push(row.source, row.target, row.weight);
            }
        }
    }
}

struct Row {
    source: u32,
    target: u32,
    weight: f64,
    /// Length of the line with its line feed.
    bytes: usize,
}

/// Parses a row of the most common form: `source target [weight]` with single blanks and a line
/// feed. `None` means that the general parser must decide.
#[inline(always)]
fn plain_row(text: &[u8]) -> Option<Row> {
    let (source, first) = digits(text)?;
    if !matches!(text.get(first)?, b' ' | b'\t') {
        return None;
    }
    let (target, length) = digits(&text[first + 1..])?;
    let end = first + 1 + length;
    let (source, target) = (u32::try_from(source).ok()?, u32::try_from(target).ok()?);
    match text.get(end)? {
        b'\n' => Some(Row { source, target, weight: 1.0, bytes: end + 1 }),
        b' ' | b'\t' => {
            let (weight, length) = fast_float2::parse_partial::<f64, _>(&text[end + 1..]).ok()?;
            let end = end + 1 + length;
            let valid = text.get(end) == Some(&b'\n') && weight >= 0.0 && weight.is_finite();
            valid.then_some(Row { source, target, weight, bytes: end + 1 })
        }
        _ => None,
    }
}

/// Parses any valid line. Returns `Some(None)` for a line without a link, which is counted in
/// `rows`.
#[inline(never)]
fn any_row(line: &[u8], rows: &mut ParsedRows) -> Option<Option<Row>> {
    let bytes = line.len();
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    if matches!(skip_blanks(line).first(), None | Some(b'#' | b'%')) {
        rows.lines += 1;
        rows.bytes += bytes;
        return Some(None);
    }
    let (source, rest) = leading_whole(line)?;
    let (target, rest) = leading_whole(rest)?;
    let (source, target) = (u32::try_from(source).ok()?, u32::try_from(target).ok()?);
    let (weight, more) = weight_and_more(rest, "link", "").ok()?;
    if more {
        rows.skipped.extra_columns(rows.lines + 1);
    }
    Some(Some(Row { source, target, weight: weight.unwrap_or(1.0), bytes }))
}

/// Parses 1 to 15 leading digits and counts them. `None` means that the general parser must decide.
#[inline(always)]
fn digits(text: &[u8]) -> Option<(u64, usize)> {
    let (number, length) = up_to_eight_digits(text)?;
    if length < 8 {
        return (length > 0).then_some((number, length));
    }
    let (low, more) = up_to_eight_digits(&text[8..])?;
    const POWERS: [u64; 8] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];
    Some((number * POWERS.get(more)? + low, 8 + more))
}

/// Parses and counts the leading digits in the first eight bytes at once. A loop over digits would
/// mispredict its end too often. Returns `None` if there are fewer than eight bytes.
#[inline(always)]
fn up_to_eight_digits(text: &[u8]) -> Option<(u64, usize)> {
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    let bytes = u64::from_le_bytes(*text.first_chunk::<8>()?);
    // Digits become 0 to 9, and other bytes get their high bit set. A carry affects only bytes
    // after the first of these.
    let values = bytes ^ 0x3030_3030_3030_3030;
    let others = (values.wrapping_add(0x7676_7676_7676_7676) | values) & HIGH_BITS;
    let length = others.trailing_zeros() as usize / 8;
    if length == 0 {
        return Some((0, 0));
    }
    // Pads with leading zeros, then combines pairs of digits, pairs of pairs, and so on.
    let digits = values << (64 - 8 * length);
    let pairs = (digits.wrapping_mul(10 * 0x100 + 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100 * 0x1_0000 + 1) >> 16) & 0x0000_ffff_0000_ffff;
    Some((fours.wrapping_mul(10_000 * 0x1_0000_0000 + 1) >> 32, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_length() {
        for length in 1..=16 {
            for text in ["1234567890123456", "9999999999999999", "1000000000000000", "0000000000000007"] {
                let number = &text[..length];
                for end in [" ", "\n", "/", ":", "\u{b2}", "x"] {
                    let text = format!("{number}{end}        ");
                    let expected = (number.parse().unwrap(), length);
                    // Numbers of more than 15 digits are left to the general parser.
                    let found = digits(text.as_bytes());
                    assert!(found == Some(expected) || length > 15 && found.is_none(), "{text}: {found:?}");
                }
            }
        }
        for text in ["", "x       ", " 1      ", "12", "/1234567", ":1234567"] {
            assert_eq!(digits(text.as_bytes()), None, "{text}");
        }
    }

    /// Parsing stops before an unexpected line, whatever follows.
    #[test]
    fn rows_end_before_an_unexpected_line() {
        let options = ReadOptions::default();
        let many = "1 2\n".repeat(100_000);
        for odd in ["*Edges", "1 2 x", "1", "a b", "1 4294967296", "1 2 -1", "  *Arcs"] {
            let text = format!("1 2\n# comment\n\n3 4 0.5 7 # more\r\n{many}{odd}\n{many}");
            let mut rows = Vec::new();
            parse(text.as_bytes(), &options, &mut rows);
            let lines: u64 = rows.iter().map(|rows| rows.lines).sum();
            let links: usize = rows.iter().map(|rows| rows.links.len()).sum();
            assert_eq!((lines, links), (100_004, 100_002), "{odd}");
        }
    }
}
