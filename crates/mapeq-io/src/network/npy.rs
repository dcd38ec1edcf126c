//! Arrays in NumPy files (`.npy`): a header with the type of the numbers, then the numbers.
//!
//! NEP 1, a simple file format for NumPy arrays, <https://numpy.org/neps/nep-0001-npy-format.html>.

use std::io::Read;

use crate::error::{Fault, Quoted};

const MAGIC: &[u8] = b"\x93NUMPY";

/// Longest accepted header. Headers of numeric arrays take about a hundred bytes.
const MAX_HEADER: u64 = 1 << 16;

/// Type and length of an array.
#[derive(Debug)]
pub(crate) struct Header {
    kind: Kind,
    /// Bytes per element.
    width: usize,
    big_endian: bool,
    /// Number of elements.
    pub(crate) length: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Signed,
    Unsigned,
    Float,
    Bytes,
}

impl Header {
    /// Reads the header of the array called `name`.
    pub(crate) fn read(bytes: &mut dyn Read, name: &str) -> Result<Self, Fault> {
        let wrong = |what: &str| Fault::new(format!("the array {} {what}", Quoted(name.as_bytes())));
        let mut start = [0; 8];
        bytes.read_exact(&mut start).map_err(|_| wrong("is truncated"))?;
        if !start.starts_with(MAGIC) {
            return Err(wrong("is not a NumPy array: expected a file that begins with \\x93NUMPY"));
        }
        let mut length = [0; 4];
        let width = if start[6] == 1 { 2 } else { 4 };
        bytes.read_exact(&mut length[..width]).map_err(|_| wrong("is truncated"))?;
        let length = u64::from(u32::from_le_bytes(length));
        if length > MAX_HEADER {
            return Err(wrong("has a header that is too long: expected an array of numbers"));
        }
        let mut header = vec![0; length as usize];
        bytes.read_exact(&mut header).map_err(|_| wrong("is truncated"))?;
        let header = String::from_utf8_lossy(&header);
        Self::parse(&header).ok_or_else(|| {
            let header = Quoted(header.trim().as_bytes()).to_string();
            wrong(&format!("has an unsupported type: expected plain numbers, found {header}"))
        })
    }

    /// Parses `{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }`.
    fn parse(header: &str) -> Option<Self> {
        let after = |key: &str| Some(header.split_once(key)?.1.trim_start().strip_prefix(':')?.trim_start());
        let kind = after("'descr'")?.strip_prefix('\'')?.split_once('\'')?.0;
        let mut letters = kind.chars();
        let (order, kind) = (letters.next()?, letters.next()?);
        let width: usize = letters.as_str().parse().ok()?;
        let kind = match (kind, width) {
            ('i', 1 | 2 | 4 | 8) => Kind::Signed,
            ('u', 1 | 2 | 4 | 8) | ('b', 1) => Kind::Unsigned,
            ('f', 4 | 8) => Kind::Float,
            ('S', 1..=16) => Kind::Bytes,
            _ => return None,
        };
        let shape = after("'shape'")?.strip_prefix('(')?.split_once(')')?.0;
        let mut length = 1u64;
        for size in shape.split(',').map(str::trim).filter(|size| !size.is_empty()) {
            length = length.checked_mul(size.trim_end_matches('L').parse().ok()?)?;
        }
        matches!(order, '<' | '>' | '|' | '=').then_some(Self { kind, width, big_endian: order == '>', length })
    }

    /// Calls `take` with the little-endian bytes of every element.
    fn each(
        &self,
        bytes: &mut dyn Read,
        name: &str,
        mut take: impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut element = [0; 16];
        let element = &mut element[..self.width];
        for _ in 0..self.length {
            bytes.read_exact(element).map_err(|error| {
                Fault::new(format!(
                    "the array {} ends before its {} elements: {error}",
                    Quoted(name.as_bytes()),
                    self.length
                ))
            })?;
            if self.big_endian && self.kind != Kind::Bytes {
                element.reverse();
            }
            take(element)?;
        }
        Ok(())
    }

    /// Reads the elements as whole numbers >= 0.
    pub(crate) fn indices(&self, bytes: &mut dyn Read, name: &str) -> Result<Vec<u64>, Fault> {
        let wrong = |what: &str, number: i64| {
            Fault::token(
                number.to_string().as_bytes(),
                &format!("in the array {} {what}", Quoted(name.as_bytes())),
                "a whole number >= 0",
            )
        };
        let mut found = Vec::new();
        self.each(bytes, name, |element| {
            let number = unsigned(element);
            found.push(match self.kind {
                Kind::Unsigned => number,
                Kind::Signed => {
                    let signed = signed(number, self.width);
                    u64::try_from(signed).map_err(|_| wrong("is negative", signed))?
                }
                Kind::Float | Kind::Bytes => {
                    let name = Quoted(name.as_bytes());
                    return Err(Fault::new(format!("the array {name} does not hold whole numbers: expected indices")));
                }
            });
            Ok(())
        })?;
        Ok(found)
    }

    /// Reads the elements as numbers.
    pub(crate) fn numbers(&self, bytes: &mut dyn Read, name: &str) -> Result<Vec<f64>, Fault> {
        let mut found = Vec::new();
        self.each(bytes, name, |element| {
            let number = unsigned(element);
            found.push(match (self.kind, self.width) {
                (Kind::Float, 4) => f64::from(f32::from_bits(number as u32)),
                (Kind::Float, _) => f64::from_bits(number),
                (Kind::Unsigned, _) => number as f64,
                (Kind::Signed, width) => signed(number, width) as f64,
                (Kind::Bytes, _) => {
                    let name = Quoted(name.as_bytes());
                    return Err(Fault::new(format!("the array {name} does not hold numbers: expected weights")));
                }
            });
            Ok(())
        })?;
        Ok(found)
    }

    /// Reads the first element as text, without trailing zeros.
    pub(crate) fn text(&self, bytes: &mut dyn Read, name: &str) -> Result<String, Fault> {
        let mut found = String::new();
        let one = Self { length: self.length.min(1), ..*self };
        one.each(bytes, name, |element| {
            found = String::from_utf8_lossy(element).trim_end_matches('\0').to_owned();
            Ok(())
        })?;
        Ok(found)
    }
}

/// Decodes an unsigned number of at most eight little-endian bytes.
fn unsigned(element: &[u8]) -> u64 {
    element.iter().take(8).rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// Sign-extends a number of `width` bytes.
fn signed(number: u64, width: usize) -> i64 {
    let shift = 64 - 8 * width as u32;
    (number << shift) as i64 >> shift
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &str, data: &[u8]) -> Vec<u8> {
        let length = (header.len() as u16).to_le_bytes();
        [MAGIC, &[1, 0], &length, header.as_bytes(), data].concat()
    }

    #[test]
    fn numbers_of_every_kind() {
        for (kind, data, expected) in [
            ("<i4", &(-2i32).to_le_bytes()[..], -2.0),
            (">i2", &(-2i16).to_be_bytes(), -2.0),
            ("<u8", &7u64.to_le_bytes(), 7.0),
            ("|b1", &[1], 1.0),
            ("<f4", &0.5f32.to_le_bytes(), 0.5),
            (">f8", &0.1f64.to_be_bytes(), 0.1),
        ] {
            let bytes = file(&format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': (1,), }}\n"), data);
            let mut bytes = &bytes[..];
            let header = Header::read(&mut bytes, "data").unwrap();
            assert_eq!(header.numbers(&mut bytes, "data").unwrap(), [expected], "{kind}");
        }
    }

    #[test]
    fn invalid_arrays_are_rejected() {
        for header in [
            "{'descr': '|O', 'shape': (1,)}",
            "{'descr': '<f8', 'shape': (1}",
            "{}",
            "{'descr': '<f8', 'shape': (99999999999, 99999999999)}",
        ] {
            assert!(Header::read(&mut &file(header, b"")[..], "data").is_err(), "{header}");
        }
        let long = file("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }", b"");
        let mut long = &long[..];
        let header = Header::read(&mut long, "data").unwrap();
        assert!(header.numbers(&mut long, "data").is_err(), "memory is allocated for existing elements only");
    }
}
