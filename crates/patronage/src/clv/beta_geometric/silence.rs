//! How far a silent customer may be on her way to the next purchase.

/// The stages passed since the last purchase, if she is still a customer: fewer than k.
///
/// With rates ~ gamma(shape, α+tₓ) at the last purchase, j stages have been passed at T with probability
/// tⱼ (1−z)^shape, tⱼ = Γ(shape+j)/(Γ(shape) j!) zʲ, z = (T−tₓ)/(α+T).
pub(super) struct Silence {
    shape: f64,
    /// ln Σ tⱼ.
    pub log_sum: f64,
    /// tⱼ / Σ t.
    pub stages: Vec<f64>,
}

impl Silence {
    pub(super) fn new(shape: f64, z: f64, k: u32) -> Self {
        let mut log_term = 0.0;
        let mut terms = vec![0.0];
        for j in (1..k).map(f64::from) {
            log_term += ((shape + (j - 1.0)) / j * z).ln();
            terms.push(log_term);
        }
        let most = terms.iter().fold(0.0_f64, |most, &term| most.max(term));
        terms.iter_mut().for_each(|term| *term = (*term - most).exp());
        let sum: f64 = terms.iter().sum();
        terms.iter_mut().for_each(|term| *term /= sum);
        Self { shape, log_sum: most + sum.ln(), stages: terms }
    }

    /// First and second derivatives of ln Σ tⱼ in the shape and in ln z: moments of j and of how fast the
    /// logarithms of the terms grow with the shape.
    pub(super) fn derivatives(&self) -> SilenceDerivatives {
        let (mut rise, mut bend) = (0.0, 0.0);
        let mut mean = [0.0; 5];
        for (j, &weight) in self.stages.iter().enumerate() {
            let j = j as f64;
            for (mean, value) in mean.iter_mut().zip([rise, j, rise * rise - bend, rise * j, j * j]) {
                *mean += weight * value;
            }
            let next = 1.0 / (self.shape + j);
            rise += next;
            bend += next * next;
        }
        let [shape, log_z, shape_shape, shape_log_z, log_z_log_z] = mean;
        SilenceDerivatives {
            shape,
            log_z,
            shape_shape: shape_shape - shape * shape,
            shape_log_z: shape_log_z - shape * log_z,
            log_z_log_z: log_z_log_z - log_z * log_z,
        }
    }
}

pub(super) struct SilenceDerivatives {
    pub shape: f64,
    pub log_z: f64,
    pub shape_shape: f64,
    pub shape_log_z: f64,
    pub log_z_log_z: f64,
}
