//! Check of the schema in a Parquet file, before the library builds it.
//!
//! The library recurses as deep as the schema, and allocates memory for the declared number of
//! children. The second field of the footer lists the groups and columns of the schema, each before
//! its children. A group declares the number of its children.

use crate::columnar::footer::footer;
use crate::columnar::thrift::{Compact, LIST, STRUCT};

/// Maximum depth of an accepted schema. Tables of links are flat.
const MAX_DEPTH: usize = 64;

/// Length of the trailer of a Parquet file: the length of the footer, and the mark `PAR1`.
const TRAILER: usize = 8;

/// Returns whether the library can build the schema.
pub(crate) fn is_possible(file: &[u8]) -> bool {
    footer(file, TRAILER).and_then(|footer| Compact(footer).schema_is_possible()).unwrap_or(false)
}

impl Compact<'_> {
    fn schema_is_possible(mut self) -> Option<bool> {
        let mut id = 0;
        loop {
            match self.field(&mut id)? {
                Some(LIST) if id == 2 => break,
                Some(kind) if id == 1 => self.skip(kind)?,
                _ => return None,
            }
        }
        let (kind, elements) = self.list()?;
        if kind != STRUCT {
            return None;
        }
        // Numbers of missing children of the open groups, from the outermost one.
        let mut open = Vec::new();
        for left in (0..elements).rev() {
            let children = self.children()?;
            if let Some(missing) = open.last_mut() {
                *missing -= 1;
            }
            if children > left || open.len() == MAX_DEPTH {
                return Some(false);
            }
            open.push(children);
            while open.last() == Some(&0) {
                open.pop();
            }
        }
        // A second schema is not allowed.
        while let Some(kind) = self.field(&mut id)? {
            if id == 2 {
                return Some(false);
            }
            self.skip(kind)?;
        }
        Some(true)
    }

    /// Reads the next element and returns the number of its children.
    fn children(&mut self) -> Option<u64> {
        let (mut id, mut children) = (0, 0);
        while let Some(kind) = self.field(&mut id)? {
            if id == 5 {
                children = self.int(kind)?;
            } else {
                self.skip(kind)?;
            }
        }
        Some(children)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a file whose schema has these groups, each with its number of children.
    fn file(children: &[u64]) -> Vec<u8> {
        let mut footer = vec![0x15, 4, 0x19, 0xfc];
        let number = |bytes: &mut Vec<u8>, mut number: u64| {
            while number >= 0x80 {
                bytes.push(number as u8 | 0x80);
                number >>= 7;
            }
            bytes.push(number as u8);
        };
        number(&mut footer, children.len() as u64);
        for &children in children {
            // A name, and the number of children.
            footer.extend([0x48, 1, b'x', 0x15]);
            number(&mut footer, 2 * children);
            footer.push(0);
        }
        footer.push(0);
        let length = footer.len() as u32;
        [b"PAR1", &footer[..], &length.to_le_bytes(), b"PAR1"].concat()
    }

    #[test]
    fn depth_and_children_are_bounded() {
        let chain = |depth: usize| [vec![1; depth], vec![0]].concat();
        assert!(is_possible(&file(&[3, 0, 0, 0])));
        assert!(is_possible(&file(&[2, 1, 0, 1, 0])));
        assert!(is_possible(&file(&chain(MAX_DEPTH - 1))));
        assert!(!is_possible(&file(&chain(MAX_DEPTH))));
        assert!(!is_possible(&file(&chain(100_000))));
        assert!(!is_possible(&file(&[u64::from(u32::MAX), 0])));
        let whole = file(&[3, 0, 0, 0]);
        assert!((0..whole.len()).all(|length| !is_possible(&whole[..length])));
    }
}
