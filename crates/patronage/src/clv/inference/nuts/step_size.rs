//! How long a step may be: dual averaging (Nesterov, 2009; Hoffman and Gelman, 2014, section 3.2).

pub(super) struct StepSize {
    target: f64,
    /// The logarithm towards which steps are drawn.
    anchor: f64,
    log_step: f64,
    log_mean: f64,
    /// Mean of target minus acceptance.
    shortfall: f64,
    count: f64,
}

impl StepSize {
    pub(super) fn new(first: f64, target: f64) -> Self {
        let log_step = first.ln();
        Self { target, anchor: (10.0 * first).ln(), log_step, log_mean: log_step, shortfall: 0.0, count: 0.0 }
    }

    /// The step to try next.
    pub(super) fn current(&self) -> f64 {
        self.log_step.exp()
    }

    /// The step when learning is over.
    pub(super) fn settled(&self) -> f64 {
        self.log_mean.exp()
    }

    /// Learns from the mean acceptance probability along a path.
    pub(super) fn learn(&mut self, acceptance: f64) {
        const SHRINKAGE: f64 = 0.05;
        const DELAY: f64 = 10.0;
        const FORGETTING: f64 = 0.75;
        self.count += 1.0;
        let share = 1.0 / (self.count + DELAY);
        self.shortfall = (1.0 - share) * self.shortfall + share * (self.target - acceptance);
        self.log_step = self.anchor - self.count.sqrt() / SHRINKAGE * self.shortfall;
        let weight = self.count.powf(-FORGETTING);
        self.log_mean = weight * self.log_step + (1.0 - weight) * self.log_mean;
    }
}
