//! Entry points through which fuzz targets call parsers that are not public.

/// Parses a response header that specifies a delay or a rate limit.
#[cfg(feature = "__api")]
pub fn read_header(name: &[u8], value: &[u8]) {
    crate::provider::transport::read_header(name, value);
}

/// Compiles a chat template and renders a short conversation with it.
#[cfg(feature = "local")]
pub fn render_template(source: &str) {
    crate::local::render_template(source);
}
