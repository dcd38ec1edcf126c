//! Sparse matrices of SciPy (`scipy.sparse.save_npz`): an archive of arrays, by rows (CSR), by
//! columns (CSC) or by entry (COO).

use std::io::{BufReader, Cursor, Read};

use zip::ZipArchive;

use crate::error::{Fault, Quoted, printable};
use crate::network::file::NetworkFile;
use crate::network::matrix::{Entries, Matrix, check_square};
use crate::network::npy::Header;
use crate::network::options::ReadOptions;
use crate::scan::document::LocatedFault;

pub(crate) fn parse(bytes: &[u8], options: &ReadOptions) -> Result<NetworkFile, LocatedFault> {
    let archive = ZipArchive::new(Cursor::new(bytes));
    let archive =
        archive.map_err(|error| Fault::new(format!("not an archive of arrays: {}", printable(&error.to_string()))))?;
    let mut arrays = Arrays(archive);
    let format = arrays
        .read("format", |header, bytes, name| header.text(bytes, name))
        .map_err(|fault| fault.hint("a network is a sparse matrix, written by scipy.sparse.save_npz"))?;
    let shape = arrays.indices("shape")?;
    let &[rows, columns] = &shape[..] else {
        return Err(Fault::new("the shape is not two-dimensional: expected rows and columns").into());
    };
    check_square(rows, columns)?;
    let weights = arrays.read("data", |header, bytes, name| header.numbers(bytes, name))?;
    let (from, to) = match format.as_str() {
        "csr" | "csc" => {
            let inner = arrays.indices("indices")?;
            let outer = expanded(&arrays.indices("indptr")?, rows, inner.len())?;
            if format == "csr" { (outer, inner) } else { (inner, outer) }
        }
        "coo" => (arrays.indices("row")?, arrays.indices("col")?),
        _ => {
            return Err(Fault::token(format.as_bytes(), "is not a supported matrix format", "csr, csc or coo").into());
        }
    };
    if from.len() != weights.len() || to.len() != weights.len() {
        let (places, weights) = (from.len().max(to.len()), weights.len());
        return Err(Fault::new(format!("{places} positions for {weights} entries: expected equal numbers")).into());
    }
    let mut matrix = Matrix::new(options);
    for ((&row, &column), &weight) in from.iter().zip(&to).zip(&weights) {
        if row.max(column) >= rows {
            let index = row.max(column).to_string();
            return Err(Fault::token(
                index.as_bytes(),
                "is not a valid index",
                format!("less than {rows}, as declared by the shape"),
            )
            .into());
        }
        if !(weight >= 0.0 && weight.is_finite()) {
            let weight = weight.to_string();
            return Err(Fault::token(weight.as_bytes(), "is not a link weight", "a finite number >= 0").into());
        }
        matrix.push(row, column, weight)?;
    }
    Ok(matrix.finish(rows, 0, Entries::All)?)
}

struct Arrays<'a>(ZipArchive<Cursor<&'a [u8]>>);

impl Arrays<'_> {
    /// Reads the array called `name`.
    fn read<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Header, &mut dyn Read, &str) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let file = self.0.by_name(&format!("{name}.npy")).map_err(|error| {
            let (name, problem) = (Quoted(name.as_bytes()), printable(&error.to_string()));
            Fault::new(format!("the array {name} cannot be read: {problem}"))
        })?;
        let mut bytes = BufReader::with_capacity(1 << 16, file);
        let header = Header::read(&mut bytes, name)?;
        read(&header, &mut bytes, name)
    }

    fn indices(&mut self, name: &str) -> Result<Vec<u64>, Fault> {
        self.read(name, |header, bytes, name| header.indices(bytes, name))
    }
}

/// Returns the row of every entry. `starts` holds the first entry of each of `rows` rows, and the
/// end of the last row.
fn expanded(starts: &[u64], rows: u64, entries: usize) -> Result<Vec<u64>, Fault> {
    let whole = starts.len() as u64 == rows.saturating_add(1) && starts.first() == Some(&0);
    if !(whole && starts.is_sorted() && starts.last() == Some(&(entries as u64))) {
        let expected = format!("{} ascending numbers from 0 to {entries}", rows.saturating_add(1));
        return Err(Fault::new(format!(
            "the array \"indptr\" does not divide the entries into rows: expected {expected}"
        )));
    }
    let mut rows = Vec::with_capacity(entries);
    for (row, pair) in (0u64..).zip(starts.windows(2)) {
        rows.resize(pair[1] as usize, row);
    }
    Ok(rows)
}
