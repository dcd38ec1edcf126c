//! The flow of a module, for each kind of walk.

use mapeq_core::NodeFlow;

/// The flow of a set of nodes: additive, except that couplings inside the set are subtracted from
/// its enter and exit flow.
///
/// *Use* is the rate at which the module's codebook names something: visits of nodes, or entries of
/// child modules.
pub trait ModuleFlow: Copy + Default + Send + Sync {
    /// Returns the flow of a single node.
    fn node(node: &NodeFlow) -> Self;
    /// Returns the flow of the union with a disjoint set; `coupling` is the link flow between the
    /// two.
    fn joined(self, other: Self, coupling: f64) -> Self;
    /// Returns the flow of the rest when a subset leaves; `coupling` is the link flow between the
    /// two.
    fn left_by(self, other: Self, coupling: f64) -> Self;
    /// Use rate of the codebook of the module, exit excluded.
    fn use_rate(&self) -> f64;
    /// Rate of entering the module.
    fn enter(&self) -> f64;
    /// Rate of leaving the module.
    fn exit(&self) -> f64;
    /// Returns a use of `rate` without a boundary.
    fn of_use(rate: f64) -> Self;
    /// Returns the boundary without any use.
    fn without_use(self) -> Self;
}

/// Undirected flow: enter and exit flow are equal for every set of nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BalancedFlow {
    use_rate: f64,
    exit: f64,
}

impl ModuleFlow for BalancedFlow {
    fn node(node: &NodeFlow) -> Self {
        Self { use_rate: node.flow, exit: node.exit }
    }

    #[inline(always)]
    fn joined(self, other: Self, coupling: f64) -> Self {
        Self { use_rate: self.use_rate + other.use_rate, exit: self.exit + other.exit - coupling }
    }

    #[inline(always)]
    fn left_by(self, other: Self, coupling: f64) -> Self {
        Self { use_rate: self.use_rate - other.use_rate, exit: self.exit - other.exit + coupling }
    }

    #[inline(always)]
    fn use_rate(&self) -> f64 {
        self.use_rate
    }

    #[inline(always)]
    fn enter(&self) -> f64 {
        self.exit
    }

    #[inline(always)]
    fn exit(&self) -> f64 {
        self.exit
    }

    fn of_use(rate: f64) -> Self {
        Self { use_rate: rate, ..Self::default() }
    }

    fn without_use(self) -> Self {
        Self { use_rate: 0.0, ..self }
    }
}

/// Directed flow with unrecorded teleportation, or flow that is not stationary: enter and exit flow
/// differ.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DirectedFlow {
    use_rate: f64,
    enter: f64,
    exit: f64,
}

impl ModuleFlow for DirectedFlow {
    fn node(node: &NodeFlow) -> Self {
        Self { use_rate: node.flow, enter: node.enter, exit: node.exit }
    }

    #[inline(always)]
    fn joined(self, other: Self, coupling: f64) -> Self {
        Self {
            use_rate: self.use_rate + other.use_rate,
            enter: self.enter + other.enter - coupling,
            exit: self.exit + other.exit - coupling,
        }
    }

    #[inline(always)]
    fn left_by(self, other: Self, coupling: f64) -> Self {
        Self {
            use_rate: self.use_rate - other.use_rate,
            enter: self.enter - other.enter + coupling,
            exit: self.exit - other.exit + coupling,
        }
    }

    #[inline(always)]
    fn use_rate(&self) -> f64 {
        self.use_rate
    }

    #[inline(always)]
    fn enter(&self) -> f64 {
        self.enter
    }

    #[inline(always)]
    fn exit(&self) -> f64 {
        self.exit
    }

    fn of_use(rate: f64) -> Self {
        Self { use_rate: rate, ..Self::default() }
    }

    fn without_use(self) -> Self {
        Self { use_rate: 0.0, ..self }
    }
}

/// Flow with recorded teleportation. The chain is stationary, so enter equals exit. Sets are also
/// coupled by the teleportation between them, T_A v_B + T_B v_A.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RecordedFlow {
    use_rate: f64,
    exit: f64,
    teleport_source: f64,
    teleport_target: f64,
}

impl RecordedFlow {
    #[inline(always)]
    fn teleport_coupling(&self, other: &Self) -> f64 {
        self.teleport_source * other.teleport_target + other.teleport_source * self.teleport_target
    }
}

impl ModuleFlow for RecordedFlow {
    fn node(node: &NodeFlow) -> Self {
        Self {
            use_rate: node.flow,
            exit: node.exit,
            teleport_source: node.teleport_source,
            teleport_target: node.teleport_target,
        }
    }

    #[inline(always)]
    fn joined(self, other: Self, coupling: f64) -> Self {
        Self {
            use_rate: self.use_rate + other.use_rate,
            exit: self.exit + other.exit - coupling - self.teleport_coupling(&other),
            teleport_source: self.teleport_source + other.teleport_source,
            teleport_target: self.teleport_target + other.teleport_target,
        }
    }

    #[inline(always)]
    fn left_by(self, other: Self, coupling: f64) -> Self {
        let teleport_source = self.teleport_source - other.teleport_source;
        let teleport_target = self.teleport_target - other.teleport_target;
        let rest = Self { use_rate: self.use_rate - other.use_rate, exit: 0.0, teleport_source, teleport_target };
        Self { exit: self.exit - other.exit + coupling + rest.teleport_coupling(&other), ..rest }
    }

    #[inline(always)]
    fn use_rate(&self) -> f64 {
        self.use_rate
    }

    #[inline(always)]
    fn enter(&self) -> f64 {
        self.exit
    }

    #[inline(always)]
    fn exit(&self) -> f64 {
        self.exit
    }

    fn of_use(rate: f64) -> Self {
        Self { use_rate: rate, ..Self::default() }
    }

    fn without_use(self) -> Self {
        Self { use_rate: 0.0, ..self }
    }
}

/// Flow with recorded teleportation that is not stationary: the Markov times of links and
/// teleportation differ, visit rates are given by node weights, or features are not visited. Enter
/// and exit differ, and sets are also coupled by the teleportation between them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct UnbalancedFlow {
    enter: f64,
    recorded: RecordedFlow,
}

impl ModuleFlow for UnbalancedFlow {
    fn node(node: &NodeFlow) -> Self {
        Self { enter: node.enter, recorded: RecordedFlow::node(node) }
    }

    #[inline(always)]
    fn joined(self, other: Self, coupling: f64) -> Self {
        let teleporting = self.recorded.teleport_coupling(&other.recorded);
        Self {
            enter: self.enter + other.enter - coupling - teleporting,
            recorded: self.recorded.joined(other.recorded, coupling),
        }
    }

    #[inline(always)]
    fn left_by(self, other: Self, coupling: f64) -> Self {
        let recorded = self.recorded.left_by(other.recorded, coupling);
        let teleporting = recorded.teleport_coupling(&other.recorded);
        Self { enter: self.enter - other.enter + coupling + teleporting, recorded }
    }

    #[inline(always)]
    fn use_rate(&self) -> f64 {
        self.recorded.use_rate()
    }

    #[inline(always)]
    fn enter(&self) -> f64 {
        self.enter
    }

    #[inline(always)]
    fn exit(&self) -> f64 {
        self.recorded.exit()
    }

    fn of_use(rate: f64) -> Self {
        Self { recorded: RecordedFlow::of_use(rate), ..Self::default() }
    }

    fn without_use(self) -> Self {
        Self { recorded: self.recorded.without_use(), ..self }
    }
}
