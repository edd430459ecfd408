//! Strings, and types that serde serializes as strings.

use std::net;
use std::path;

use super::schema;
use crate::schema::{Node, Schema, SchemaRef, Tagging, Variant};

const IPV4: SchemaRef = SchemaRef::new(&Node::string().format("ipv4"));
const IPV6: SchemaRef = SchemaRef::new(&Node::string().format("ipv6"));

schema! {
    str => Node::string();
    String => Node::string();
    char => Node::character();
    path::Path => Node::string();
    path::PathBuf => Node::string();
    net::Ipv4Addr => Node::string().format("ipv4");
    net::Ipv6Addr => Node::string().format("ipv6");
    net::IpAddr => Node::union(Tagging::Untagged, &[Variant::new("", IPV4), Variant::new("", IPV6)]);
    net::SocketAddr => Node::string_matching("^([0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-fA-F:.%]+\\]):[0-9]{1,5}$").description("An IP address and a port, such as \"127.0.0.1:80\".");
    net::SocketAddrV4 => Node::string_matching("^[0-9]{1,3}(\\.[0-9]{1,3}){3}:[0-9]{1,5}$").description("An IPv4 address and a port, such as \"127.0.0.1:80\".");
    net::SocketAddrV6 => Node::string_matching("^\\[[0-9a-fA-F:.%]+\\]:[0-9]{1,5}$").description("An IPv6 address and a port, such as \"[::1]:80\".");
}
