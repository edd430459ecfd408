//! Reads the GGUF container: metadata and the tensor table. A damaged or hostile file causes an error and never a huge
//! allocation: every length in the header is checked against the size of the file and a limit, collections grow as
//! their entries are read, and tensors must not overlap.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use crate::error::malformed;
use crate::quant::Format;
use crate::{Error, Result};

/// Maximum size of the metadata and the tensor table, in bytes. The largest vocabularies in use occupy about 20 MiB.
const MAX_HEADER: u64 = 128 << 20;

/// A metadata value. Scalar numbers are widened to 64 bits.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// An unsigned or signed integer.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// A boolean.
    Bool(bool),
    /// Text, with invalid UTF-8 replaced.
    Text(String),
    /// An array of integers or booleans.
    Ints(Vec<i64>),
    /// An array of floating-point numbers, in single precision.
    Floats(Vec<f32>),
    /// An array of strings.
    Strings(Vec<String>),
}

/// The shape, format and location of a tensor in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tensor {
    /// Length of a row.
    pub columns: usize,
    /// Number of rows.
    pub rows: usize,
    pub(crate) format: Format,
    start: u64,
    bytes: usize,
}

/// An opened GGUF file.
#[derive(Debug)]
pub struct Gguf {
    file: File,
    values: HashMap<String, Value>,
    tensors: HashMap<String, Tensor>,
}

impl Gguf {
    /// Opens a file and reads everything except tensor data.
    ///
    /// # Errors
    /// Fails if the file cannot be read, is not a GGUF file, is truncated or inconsistent, or has an unsupported version or
    /// number format.
    pub fn open(path: &Path) -> Result<Self> {
        Self::from_file(File::open(path)?)
    }

    /// Reads everything except tensor data from an open file.
    ///
    /// # Errors
    /// Fails for the same reasons as [`open`](Self::open).
    pub fn from_file(mut file: File) -> Result<Self> {
        file.rewind()?;
        let size = file.metadata()?.len();
        let mut reader = Reader {
            inner: BufReader::new(file),
            at: 0,
            size,
        };
        let mut magic = [0; 4];
        if size < 4 {
            return Err(Error::NotGguf);
        }
        reader.fill(&mut magic)?;
        if &magic != b"GGUF" {
            return Err(Error::NotGguf);
        }
        let version = reader.u32()?;
        if !(2..=3).contains(&version) {
            return Err(Error::Version(version));
        }
        let tensor_count = reader.count(24)?;
        let value_count = reader.count(13)?;
        let mut values = HashMap::new();
        for _ in 0..value_count {
            let key = reader.text()?;
            let kind = reader.u32()?;
            let value = reader.value(kind)?;
            values.insert(key, value);
        }
        let mut listed = Vec::new();
        for _ in 0..tensor_count {
            listed.push(reader.tensor()?);
        }
        let align = match values.get("general.alignment") {
            None => 32,
            Some(Value::Int(n)) if *n > 0 && *n <= 1 << 20 => n.unsigned_abs(),
            Some(_) => return Err(malformed("`general.alignment` is outside the range 1..=1048576")),
        };
        let base = reader.at.next_multiple_of(align);
        for (name, tensor) in &mut listed {
            let start = base.checked_add(tensor.start);
            let end = start.and_then(|start| start.checked_add(tensor.bytes as u64));
            let (Some(start), Some(end)) = (start, end) else {
                return Err(malformed(format!("offset of tensor `{name}` is out of range")));
            };
            if end > size {
                return Err(Error::Truncated {
                    needed: end,
                    found: size,
                });
            }
            tensor.start = start;
        }
        check_overlap(&mut listed)?;
        let tensors = listed.into_iter().collect();
        Ok(Self {
            file: reader.inner.into_inner(),
            values,
            tensors,
        })
    }

    /// Returns a metadata value.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// Returns a metadata value if it is text.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.value(key) {
            Some(Value::Text(s)) => Some(s),
            _ => None,
        }
    }

    /// Returns a metadata value if it is a non-negative integer.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<usize> {
        match self.value(key) {
            Some(Value::Int(n)) => usize::try_from(*n).ok(),
            _ => None,
        }
    }

    /// Returns a metadata value if it is a number.
    #[must_use]
    pub fn float(&self, key: &str) -> Option<f64> {
        match self.value(key) {
            Some(Value::Float(x)) => Some(*x),
            Some(Value::Int(n)) => Some(*n as f64),
            _ => None,
        }
    }

    /// Returns a metadata value if it is a boolean.
    #[must_use]
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.value(key) {
            Some(Value::Bool(b)) => Some(*b),
            _ => None,
        }
    }

    /// Returns a tensor's entry in the tensor table.
    #[must_use]
    pub fn tensor(&self, name: &str) -> Option<&Tensor> {
        self.tensors.get(name)
    }

    /// Reads the stored bytes of a tensor.
    pub(crate) fn read(&mut self, tensor: &Tensor) -> Result<Vec<u8>> {
        let mut bytes = vec![0; tensor.bytes];
        self.file.seek(SeekFrom::Start(tensor.start))?;
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    pub(crate) fn take_value(&mut self, key: &str) -> Option<Value> {
        self.values.remove(key)
    }
}

/// Checks that no two tensors share a byte of the file. Overlaps would let a small file fill any amount of memory.
fn check_overlap(tensors: &mut [(String, Tensor)]) -> Result<()> {
    tensors.sort_unstable_by_key(|(_, tensor)| tensor.start);
    for pair in tensors.windows(2) {
        let [(a, first), (b, second)] = pair else { continue };
        if first.start + first.bytes as u64 > second.start {
            return Err(malformed(format!("tensors `{a}` and `{b}` overlap")));
        }
    }
    Ok(())
}

struct Reader {
    inner: BufReader<File>,
    at: u64,
    size: u64,
}

impl Reader {
    fn fill(&mut self, into: &mut [u8]) -> Result<()> {
        self.need(into.len() as u64)?;
        self.inner.read_exact(into)?;
        self.at += into.len() as u64;
        Ok(())
    }

    fn need(&self, bytes: u64) -> Result<()> {
        let needed = self.at.saturating_add(bytes);
        if needed > self.size {
            return Err(Error::Truncated {
                needed,
                found: self.size,
            });
        }
        if needed > MAX_HEADER {
            return Err(malformed(format!("the header is larger than {MAX_HEADER} bytes")));
        }
        Ok(())
    }

    fn u32(&mut self) -> Result<u32> {
        let mut b = [0; 4];
        self.fill(&mut b)?;
        Ok(u32::from_le_bytes(b))
    }

    fn u64(&mut self) -> Result<u64> {
        let mut b = [0; 8];
        self.fill(&mut b)?;
        Ok(u64::from_le_bytes(b))
    }

    /// Reads a count of items and checks that this many items, of at least `each` bytes, fit into the file.
    fn count(&mut self, each: u64) -> Result<usize> {
        let n = self.u64()?;
        self.need(n.saturating_mul(each))?;
        usize::try_from(n).map_err(|_| malformed("a count is out of range"))
    }

    fn text(&mut self) -> Result<String> {
        let n = self.count(1)?;
        let mut bytes = vec![0; n];
        self.fill(&mut bytes)?;
        Ok(match String::from_utf8(bytes) {
            Ok(s) => s,
            Err(e) => String::from_utf8_lossy(e.as_bytes()).into_owned(),
        })
    }

    fn integer(&mut self, kind: u32) -> Result<i64> {
        let mut b = [0; 8];
        let width = match kind {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4 | 5 => 4,
            _ => 8,
        };
        self.fill(&mut b[..width])?;
        let raw = i64::from_le_bytes(b);
        Ok(match kind {
            1 => i64::from(raw as i8),
            3 => i64::from(raw as i16),
            5 => i64::from(raw as i32),
            _ => raw,
        })
    }

    fn value(&mut self, kind: u32) -> Result<Value> {
        Ok(match kind {
            0..=5 | 10 | 11 => Value::Int(self.integer(kind)?),
            6 => Value::Float(f64::from(f32::from_bits(self.u32()?))),
            7 => Value::Bool(self.integer(kind)? != 0),
            8 => Value::Text(self.text()?),
            9 => {
                let kind = self.u32()?;
                self.array(kind)?
            }
            12 => Value::Float(f64::from_bits(self.u64()?)),
            _ => return Err(malformed(format!("a metadata value has the unknown type {kind}"))),
        })
    }

    fn array(&mut self, kind: u32) -> Result<Value> {
        Ok(match kind {
            0..=5 | 7 | 10 | 11 => {
                let n = self.count(1)?;
                Value::Ints((0..n).map(|_| self.integer(kind)).collect::<Result<_>>()?)
            }
            6 => {
                let n = self.count(4)?;
                Value::Floats(
                    (0..n)
                        .map(|_| Ok(f32::from_bits(self.u32()?)))
                        .collect::<Result<_>>()?,
                )
            }
            8 => {
                let n = self.count(8)?;
                Value::Strings((0..n).map(|_| self.text()).collect::<Result<_>>()?)
            }
            12 => {
                let n = self.count(8)?;
                let double = |r: &mut Self| Ok(f64::from_bits(r.u64()?) as f32);
                Value::Floats((0..n).map(|_| double(self)).collect::<Result<_>>()?)
            }
            _ => return Err(malformed(format!("a metadata array has the unknown type {kind}"))),
        })
    }

    fn tensor(&mut self) -> Result<(String, Tensor)> {
        let name = self.text()?;
        let dims = self.u32()?;
        if dims == 0 || dims > 4 {
            return Err(malformed(format!(
                "tensor `{name}` has {dims} dimensions, outside the range 1..=4"
            )));
        }
        let columns = self.u64()?;
        let mut rows = 1_u64;
        for _ in 1..dims {
            let n = self.u64()?;
            rows = rows
                .checked_mul(n)
                .ok_or_else(|| malformed(format!("tensor `{name}` is too large")))?;
        }
        let code = self.u32()?;
        let start = self.u64()?;
        let format = Format::from_code(code).ok_or_else(|| Error::TensorType {
            tensor: name.clone(),
            code,
        })?;
        let (per, size) = format.block();
        if columns == 0 || rows == 0 || !columns.is_multiple_of(per as u64) {
            return Err(malformed(format!(
                "tensor `{name}` has the invalid shape {columns} by {rows}"
            )));
        }
        let bytes = (columns / per as u64)
            .checked_mul(size as u64)
            .and_then(|row| row.checked_mul(rows))
            .ok_or_else(|| malformed(format!("tensor `{name}` is too large")))?;
        let fits =
            |n: u64| usize::try_from(n).map_err(|_| malformed(format!("tensor `{name}` is too large")));
        let tensor = Tensor {
            columns: fits(columns)?,
            rows: fits(rows)?,
            format,
            start,
            bytes: fits(bytes)?,
        };
        Ok((name, tensor))
    }
}

#[cfg(test)]
mod tests;
