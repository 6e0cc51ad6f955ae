//! Files of a published site on a host: what `verify URL` and `build --against URL` read.
//!
//! In: the address of the site, a path. Out: bytes, at most as many as were asked for. Must not know: what is in them.

use std::time::Duration;
use ureq::Agent;
use url::Url;

/// A site on a host.
pub struct PublishedSite {
    agent: Agent,
    base: Url,
}

impl PublishedSite {
    /// `address` is the site's home page, such as `https://privacy.example.com/`.
    pub fn new(address: &str) -> Result<PublishedSite, String> {
        let mut base = Url::parse(address).map_err(|error| format!("`{address}` is not an address: {error}"))?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(format!("`{address}` is not the address of a site; it begins with https://"));
        }
        base.set_query(None);
        base.set_fragment(None);
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let agent = Agent::config_builder()
            .timeout_connect(Some(Duration::from_secs(15)))
            .timeout_global(Some(Duration::from_secs(120)))
            .http_status_as_error(false)
            .max_redirects(5)
            .max_redirects_will_error(true)
            .user_agent(concat!("fineprint/", env!("CARGO_PKG_VERSION"), " (verifies the record of a privacy center)"))
            .build()
            .into();
        Ok(PublishedSite { agent, base })
    }

    /// The bytes at a path below the site; none if the host says that nothing is there.
    pub fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, String> {
        let url = self.base.join(path).map_err(|error| format!("it is not an address: {error}"))?;
        if url.host_str() != self.base.host_str() || !url.path().starts_with(self.base.path()) {
            return Err("it is not an address below the site".to_string());
        }
        let response = self.agent.get(url.as_str()).call().map_err(|error| format!("no answer from {url}: {error}"))?;
        match response.status().as_u16() {
            200 => {}
            404 | 410 => return Ok(None),
            status => return Err(format!("{url} answered with status {status}")),
        }
        let body = response.into_body().into_with_config().limit(limit).read_to_vec();
        body.map(Some).map_err(|error| format!("the answer of {url} could not be read to its end: {error}"))
    }
}
