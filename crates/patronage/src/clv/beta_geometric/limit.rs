//! What the models become where their likelihood is flat.

/// `occasions` to drop out that a customer without repeat purchases has had: 0 or 1; `regular` if k may be above 1.
pub(super) fn of_drift(drift: &[f64], occasions: f64, regular: bool) -> &'static str {
    let (r, a, b) = (drift[0], drift[2], drift[3]);
    let at_once = occasions > 0.0;
    // What matters for dropping out is first a/b, then how much a + b leaves the customers to differ.
    if b - a > 0.5 {
        if regular { "nobody drops out: the condensed NBD model" } else { "nobody drops out: the NBD model" }
    } else if a - b > 0.5 {
        if at_once {
            "everybody drops out after the first purchase"
        } else {
            "everybody drops out at the first repeat purchase"
        }
    } else if a > 0.5 {
        "everybody drops out with the same probability after each purchase"
    } else if a < -0.5 {
        if at_once {
            "some never drop out, the others do after the first purchase"
        } else {
            "some never drop out, the others do at the first repeat purchase"
        }
    } else if r > 0.5 {
        "everybody buys at the same rate: Poisson purchases"
    } else if r < -0.5 {
        "hardly anybody ever buys again"
    } else {
        "buying rates without a finite mean"
    }
}
