//! Rows of links between text ids, parsed in bulk by all threads.
//!
//! Most time is spent on cache misses while ids are looked up. Threads look up known ids in
//! parallel. Only new ids are then added by one thread, in input order.

use crate::network::id_tokens::string_id;
use crate::network::ids::{HashedId, NodeIdMap};
use crate::network::options::ReadOptions;
use crate::network::pajek::plain_rows::line_end;
use crate::network::skipped::SkippedRows;
use crate::network::weight::weight_and_more;
use crate::scan::token::{skip_blanks, split_data};

/// Links in the rows of a piece of a file.
#[derive(Default)]
pub(crate) struct NamedRows<'t> {
    /// Source and target of each link, alternately, and the weights of the links.
    pub(crate) ids: Vec<HashedId<'t>>,
    pub(crate) weights: Vec<f64>,
    pub(crate) skipped: SkippedRows,
    /// Number of lines, including lines without a link.
    pub(crate) lines: u64,
    /// Number of bytes of these lines.
    pub(crate) bytes: usize,
}

impl<'t> NamedRows<'t> {
    pub(crate) fn parse(piece: &'t [u8], options: &ReadOptions, ids: &NodeIdMap) -> Self {
        let mut rows = Self::default();
        while rows.bytes < piece.len() {
            let line = &piece[rows.bytes..];
            let line = &line[..line_end(line, 0)];
            if rows.line(line.strip_suffix(b"\n").unwrap_or(line), options).is_none() {
                break;
            }
            rows.lines += 1;
            rows.bytes += line.len();
        }
        ids.look_up(&mut rows.ids);
        rows
    }

    /// Parses a line. Returns `None` for an unexpected one.
    fn line(&mut self, line: &'t [u8], options: &ReadOptions) -> Option<()> {
        match skip_blanks(line).first() {
            None | Some(b'#' | b'%') => return Some(()),
            Some(b'*') => return None,
            Some(_) => {}
        }
        let (source, rest) = split_data(line)?;
        let (target, rest) = split_data(rest)?;
        let [source, target] = [source, target].map(|id| HashedId::of(string_id(id, options).ok()?));
        let (source, target) = (source?, target?);
        let (weight, more) = weight_and_more(rest, "link", "").ok()?;
        if more {
            self.skipped.extra_columns(self.lines + 1);
        }
        let weight = weight.unwrap_or(1.0);
        if self.skipped.accepts(options, weight, source.text == target.text) {
            self.ids.extend([source, target]);
            self.weights.push(weight);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use crate::network::{NetworkFile, read_network_from};

    use super::*;

    /// Bulk parsing gives the same network, notes and faults as parsing line by line, wherever an
    /// unexpected line is.
    #[test]
    fn rows_are_those_of_single_lines() {
        let name = |state: &mut u64| {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            format!("n{}", (*state >> 33) % 5000)
        };
        let mut state = 1;
        let mut rows: Vec<String> = (0..40_000)
            .map(|row| match row % 50 {
                7 => "# a comment".to_owned(),
                13 => String::new(),
                21 => format!("{} {} 2.5 more", name(&mut state), name(&mut state)),
                33 => format!("  {}\t{} 0", name(&mut state), name(&mut state)),
                _ => format!("{} {}", name(&mut state), name(&mut state)),
            })
            .collect();
        let read = |rows: &[String]| {
            let text = rows.join("\n");
            let options = ReadOptions::default();
            let found = read_network_from(text.as_bytes(), "net", &options);
            let mut parser = crate::network::pajek::Parser::new(&options);
            let fault = text.split('\n').enumerate().find_map(|(place, line)| {
                parser
                    .line(line.as_bytes())
                    .err()
                    .map(|fault| fault.at_line("net".as_ref(), place as u64 + 1).to_string())
            });
            match (found, fault) {
                (Ok(found), None) => {
                    let NetworkFile { network, notes, .. } = parser.into_file().unwrap();
                    assert!(found.network == network && found.notes == notes, "{notes:?} {:?}", found.notes);
                }
                (Err(found), Some(fault)) => assert_eq!(found.to_string(), fault),
                (found, fault) => panic!("{:?} and {fault:?}", found.map(|found| found.notes)),
            }
        };
        read(&rows);
        for odd in ["*Edges", "a", "a b x", "a 1.5", "1,2 3", "a b -1", "*Vertices", "a b nan"] {
            rows.insert(30_000, odd.to_owned());
            read(&rows);
            rows.remove(30_000);
        }
    }
}
