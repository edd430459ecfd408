//! The cache of a `#[tool(cache = ..)]`, or the error for the missing feature: expansions do not know agno's features.

/// Declares the cache of a tool in its implementation of `Tool`.
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

/// Reports that the feature is off.
#[cfg(not(feature = "cache"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __tool_cache {
    ($milliseconds:literal, $($off:tt)*) => {
        $($off)*;
    };
}
