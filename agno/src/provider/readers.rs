//! The public readers of each API's answers, for recordings and for answers fetched by other means.

/// `read_reply` and `StreamReader` over a provider's decoder.
macro_rules! readers {
    ($decoder:expr; $(#[$whole:meta])* read_reply $(#[$streamed:meta])* StreamReader) => {
        $(#[$whole])*
        pub fn read_reply(body: &[u8]) -> Result<crate::model::Reply, crate::model::ModelError> {
            use crate::provider::api::Decode as _;

            let (mut deltas, mut builder) = (Vec::new(), crate::model::ReplyBuilder::new());
            $decoder.whole(body, &crate::provider::error::Source::UNKNOWN, &mut deltas)?;
            deltas.iter().for_each(|delta| builder.push(delta));
            builder.finish()
        }

        $(#[$streamed])*
        #[derive(Debug)]
        pub struct StreamReader(Decoder);

        impl Default for StreamReader {
            fn default() -> Self {
                Self::new()
            }
        }

        impl StreamReader {
            /// A reader at the beginning of a stream.
            pub fn new() -> Self {
                Self($decoder)
            }

            /// The deltas of the next event's data. What comes behind the end of the answer is not read.
            ///
            /// # Errors
            ///
            /// When it is no event of an answer, or is an error.
            pub fn event(&mut self, data: &[u8]) -> Result<Vec<crate::model::Delta>, crate::model::ModelError> {
                use crate::provider::api::Decode as _;

                let mut deltas = Vec::new();
                self.0.event(b"", data, &crate::provider::error::Source::UNKNOWN, &mut deltas)?;
                Ok(deltas)
            }

            /// The last deltas, after the last event.
            ///
            /// # Errors
            ///
            /// [`Truncated`](crate::model::ModelErrorKind::Truncated) when the stream ended before the model did.
            pub fn end(&mut self) -> Result<Vec<crate::model::Delta>, crate::model::ModelError> {
                use crate::provider::api::Decode as _;

                let mut deltas = Vec::new();
                self.0.end(&mut deltas)?;
                Ok(deltas)
            }
        }
    };
}
pub(crate) use readers;
