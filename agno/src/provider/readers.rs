//! Public readers of each API's replies, for recorded replies and replies fetched by another client.

use super::transport::http::MAX_REPLY;
use crate::model::{ModelError, ModelErrorKind};

/// Returns the error for events whose total size exceeds the limit for a reply.
pub(crate) fn too_large() -> ModelError {
    let megabytes = MAX_REPLY / (1024 * 1024);
    ModelError::new(
        ModelErrorKind::TooLarge,
        format!("the events are larger than {megabytes} MiB in total; use a new reader for each reply"),
    )
}

/// Generates `read_reply` and `StreamReader` for the module `$module` from a decoder. The events in brackets are used
/// in the doc example for `StreamReader`; their combined text must be `Hello`.
macro_rules! readers {
    (
        $module:ident, $decoder:expr;
        $(#[$complete:meta])* read_reply
        $(#[$streamed:meta])* StreamReader [$($event:literal),* $(,)?]
    ) => {
        $(#[$complete])*
        ///
        /// # Errors
        ///
        /// Returns an error of kind [`MalformedReply`](crate::model::ModelErrorKind::MalformedReply) when the body is
        /// not a reply from this API. When the body is an error, returns an error of the kind that the body describes.
        pub fn read_reply(body: &[u8]) -> Result<crate::model::Reply, crate::model::ModelError> {
            use crate::provider::api::Decode as _;

            let (mut deltas, mut builder) = (Vec::new(), crate::model::ReplyBuilder::new());
            $decoder.decode_body(body, &crate::provider::transport::error::Source::UNKNOWN, &mut deltas)?;
            deltas.iter().for_each(|delta| builder.push(delta));
            builder.finish()
        }

        $(#[$streamed])*
        ///
        /// ```
        /// use agno::model::ReplyBuilder;
        #[doc = concat!(" use agno::provider::", stringify!($module), "::StreamReader;")]
        ///
        /// let events = [
        $(#[doc = concat!("     ", stringify!($event), ",")])*
        /// ];
        /// let (mut reader, mut builder) = (StreamReader::new(), ReplyBuilder::new());
        /// for event in events {
        ///     for delta in reader.event(event.as_bytes())? {
        ///         builder.push(&delta);
        ///     }
        /// }
        /// for delta in reader.end()? {
        ///     builder.push(&delta);
        /// }
        /// assert_eq!(builder.finish()?.message.text(), "Hello");
        /// # Ok::<(), agno::ModelError>(())
        /// ```
        #[derive(Debug)]
        pub struct StreamReader {
            decoder: Decoder,
            /// Number of bytes read.
            size: usize,
        }

        impl Default for StreamReader {
            fn default() -> Self {
                Self::new()
            }
        }

        impl StreamReader {
            /// Creates a reader for a new stream.
            pub fn new() -> Self {
                Self {
                    decoder: $decoder,
                    size: 0,
                }
            }

            /// Returns the deltas of the next event's data. Ignores data after the end of the reply.
            ///
            /// # Errors
            ///
            /// Returns an error of kind [`MalformedReply`](crate::model::ModelErrorKind::MalformedReply) when the data
            /// is not an event of a reply, and of kind [`TooLarge`](crate::model::ModelErrorKind::TooLarge) when the
            /// events are larger than 32 MiB in total. When the data is an error, returns an error of the kind that
            /// the data describes.
            pub fn event(&mut self, data: &[u8]) -> Result<Vec<crate::model::Delta>, crate::model::ModelError> {
                use crate::provider::api::Decode as _;

                let mut deltas = Vec::new();
                self.size = self.size.saturating_add(data.len());
                if self.size > crate::provider::transport::http::MAX_REPLY {
                    return Err(crate::provider::readers::too_large());
                }
                self.decoder
                    .event(b"", data, &crate::provider::transport::error::Source::UNKNOWN, &mut deltas)?;
                Ok(deltas)
            }

            /// Returns the final deltas. Call this method after the last event.
            ///
            /// # Errors
            ///
            /// Returns an error of kind [`Truncated`](crate::model::ModelErrorKind::Truncated) when the stream ended
            /// before the reply did.
            pub fn end(&mut self) -> Result<Vec<crate::model::Delta>, crate::model::ModelError> {
                use crate::provider::api::Decode as _;

                let mut deltas = Vec::new();
                self.decoder.end(&mut deltas)?;
                Ok(deltas)
            }
        }
    };
}
pub(crate) use readers;
