//! Whose request it is, by address.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// The address of a client: its own, also where a proxy that the operator trusts stands in front.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// The address; one of IPv4 inside IPv6 is one of IPv4.
    pub fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// Whether it is of one's own machine or network. Behind a proxy that nobody declared everybody has such an address,
    /// so that what counts against it would count against all.
    pub fn is_near(self) -> bool {
        match self.0 {
            IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
            IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
        }
    }

    /// What one customer of a network provider has: an address of IPv4, a /64 of IPv6.
    pub fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(_) => self.0,
            IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & (u128::MAX << 64)).into(),
        }
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> ClientAddress {
        ClientAddress::new(text.parse().unwrap())
    }

    #[test]
    fn ones_own_machine_and_network_are_near() {
        for near in ["127.0.0.1", "10.1.2.3", "::1", "fd00::1", "::ffff:127.0.0.1", "192.168.0.9", "169.254.1.1", "fe80::1"] {
            assert!(of(near).is_near(), "{near}");
        }
        for far in ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "100.64.0.1"] {
            assert!(!of(far).is_near(), "{far}");
        }
    }

    #[test]
    fn a_customer_has_a_network_of_ipv6() {
        assert_eq!(of("2001:db8:1:2:3:4:5:6").network(), of("2001:db8:1:2:ffff::1").network());
        assert_ne!(of("2001:db8:1:2::1").network(), of("2001:db8:1:3::1").network());
        assert_eq!(of("::ffff:192.0.2.1").to_string(), "192.0.2.1");
    }
}
