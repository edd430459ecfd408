//! The cache of a `#[tool(cache = ..)]`, or the error for the disabled feature. Only this crate knows which of its
//! features are enabled.

/// Declares the cache in a tool's implementation of `Tool`.
#[cfg(feature = "cache")]
#[doc(hidden)]
#[macro_export]
macro_rules! __tool_cache {
    ($milliseconds:literal, $($off:tt)*) => {
        const CACHE: $crate::__private::Option<&'static $crate::tool::ToolCache> = {
            static CACHE: $crate::tool::ToolCache =
                $crate::tool::ToolCache::new($crate::__private::Duration::from_millis($milliseconds));
            $crate::__private::Some(&CACHE)
        };
    };
}

/// Reports that the feature is disabled.
#[cfg(not(feature = "cache"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __tool_cache {
    ($milliseconds:literal, $($off:tt)*) => {
        $($off)*;
    };
}
