//! Sum of an objective of the flow and the cost of labels.

use mapeq_core::{
    Additive, AdditiveLeave, AdditiveState, FlowLevel, FlowNetwork, HierarchicalObjective, LeafCost, NestedObjective,
    Objective, Partition, Target,
};

use crate::labels::Labels;
use crate::module_labels::ModuleLabels;
use crate::unit_labels::UnitLabels;

/// An objective of the flow, plus the cost of labels in leaf modules.
#[derive(Clone, Debug)]
pub struct WithLabels<H> {
    flow: Additive<H>,
    labels: Labels,
}

impl<H: HierarchicalObjective> WithLabels<H> {
    /// Creates the sum of `flow` and the cost of `labels`.
    pub fn new(flow: H, labels: Labels) -> Self {
        Self { flow: Additive(flow), labels }
    }

    /// Returns the labels and their cost.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }
}

/// Flow and labels of the units of a level.
#[derive(Clone, Debug)]
pub struct LabelledUnits<F> {
    flow: F,
    labels: UnitLabels,
}

/// Flow and labels of the modules of a partition.
#[derive(Clone, Debug)]
pub struct StateWithLabels<F> {
    flow: F,
    labels: ModuleLabels,
}

/// Terms computed once for a unit that may leave its module.
#[derive(Clone, Copy, Debug)]
pub struct LeaveWithLabels<F> {
    flow: F,
    from: usize,
    /// Change of the cost of labels in the module that the unit leaves.
    removal: f64,
    /// Cost of the unit's labels in a module of its own.
    alone: f64,
}

impl<H: HierarchicalObjective> Objective for WithLabels<H> {
    type Level = LabelledUnits<FlowLevel<H>>;
    type State = StateWithLabels<AdditiveState<H>>;
    type Leave = LeaveWithLabels<AdditiveLeave<H>>;

    const HAS_AFFINITIES: bool = true;

    fn level(&self, network: &FlowNetwork) -> Self::Level {
        LabelledUnits { flow: self.flow.level(network), labels: self.labels.searched(network) }
    }

    fn restrict(&self, level: &Self::Level, units: &[u32]) -> Self::Level {
        LabelledUnits { flow: self.flow.restrict(&level.flow, units), labels: level.labels.restrict(units) }
    }

    fn consolidate(&self, level: &Self::Level, partition: &Partition, internal: &[f64]) -> Self::Level {
        let flow = self.flow.consolidate(&level.flow, partition, internal);
        LabelledUnits { flow, labels: level.labels.consolidate(partition) }
    }

    fn state(&self, level: &Self::Level, partition: &Partition, internal: &[f64], spare: usize) -> Self::State {
        let flow = self.flow.state(&level.flow, partition, internal, spare);
        StateWithLabels { flow, labels: self.labels.state(&level.labels, partition.labels()) }
    }

    // The cost of labels in a module does not depend on other modules.
    fn include_rest(&self, state: &mut Self::State, whole: &Self::State, own: &[u32]) {
        self.flow.include_rest(&mut state.flow, &whole.flow, own);
    }

    fn value(&self, state: &Self::State) -> f64 {
        self.flow.value(&state.flow) + state.labels.value
    }

    fn constant(&self, network: &FlowNetwork) -> f64 {
        self.flow.constant(network) + self.labels.constant(network)
    }

    #[inline(always)]
    fn prefetch(&self, state: &Self::State, module: usize) {
        self.flow.prefetch(&state.flow, module);
    }

    #[inline(always)]
    fn leave(&self, level: &Self::Level, state: &Self::State, target: Target, alone: bool) -> Self::Leave {
        let bundle = level.labels.by(target.unit);
        LeaveWithLabels {
            flow: self.flow.leave(&level.flow, &state.flow, target, alone),
            from: target.module,
            removal: self.labels.removal(&state.labels, bundle, target.module),
            alone: self.labels.cost_of(bundle),
        }
    }

    #[inline(always)]
    fn delta(&self, level: &Self::Level, state: &Self::State, leave: &Self::Leave, target: Target) -> f64 {
        let labels = leave.removal + self.labels.insertion(&state.labels, level.labels.by(target.unit), target.module);
        self.flow.delta(&level.flow, &state.flow, &leave.flow, target) + labels
    }

    #[inline(always)]
    fn delta_without_affinity(
        &self,
        level: &Self::Level,
        state: &Self::State,
        leave: &Self::Leave,
        target: Target,
    ) -> f64 {
        let insertion =
            self.labels.insertion_unshared(&state.labels, level.labels.by(target.unit), leave.alone, target.module);
        let flow = self.flow.delta(&level.flow, &state.flow, &leave.flow, target);
        flow + leave.removal + insertion
    }

    // Codewords that are not shared cost the same as alone, and mixing never lowers entropy.
    #[inline(always)]
    fn delta_lower_bound(&self, level: &Self::Level, state: &Self::State, leave: &Self::Leave, target: Target) -> f64 {
        let flow = self.flow.delta_lower_bound(&level.flow, &state.flow, &leave.flow, target);
        flow + leave.removal + leave.alone
    }

    #[inline(always)]
    fn affinities(&self, level: &Self::Level, state: &Self::State, unit: usize, found: impl FnMut(usize, f64)) {
        self.labels.shared_codewords(&state.labels, level.labels.by(unit), found);
    }

    fn commit(&self, level: &Self::Level, state: &mut Self::State, leave: &Self::Leave, target: Target) {
        self.flow.commit(&level.flow, &mut state.flow, &leave.flow, target);
        self.labels.move_bundle(&mut state.labels, level.labels.by(target.unit), leave.from, target.module);
    }

    fn candidates(&self, level: &Self::Level, state: &Self::State, unit: usize, mut found: impl FnMut(usize)) {
        self.flow.candidates(&level.flow, &state.flow, unit, &mut found);
        self.labels.modules_sharing_largest(&state.labels, level.labels.by(unit), found);
    }
}

impl<H: HierarchicalObjective> NestedObjective for WithLabels<H> {
    type Flow = H;
    type LeafCost = Labels;

    fn flow(&self) -> &H {
        &self.flow.0
    }

    fn leaf_cost(&self) -> &Labels {
        &self.labels
    }

    fn inside(&self, module: &H::Module) -> Self {
        Self { flow: self.flow.inside(module), labels: self.labels.clone() }
    }

    fn split(level: &Self::Level) -> (&FlowLevel<H>, &UnitLabels) {
        (&level.flow, &level.labels)
    }
}
