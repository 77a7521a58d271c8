namespace NextItem.Tests.Reference;

/// <summary>One update of one parameter by the optimisers' definitions (algorithms section 5).</summary>
internal static class DoubleOptimizer
{
    /// <summary>States of a parameter: whatever the optimiser keeps, the velocity last.</summary>
    public const int States = 4;

    /// <summary>Updates <paramref name="p"/> and its states.</summary>
    public static void Update(Gru4RecOptions o, ref double p, Span<double> state, double g)
    {
        double eps = o.OptimizerEpsilon, rho = o.OptimizerDecay, b1 = o.AdamBeta1, b2 = o.AdamBeta2;
        double u;
        switch (o.Optimizer)
        {
            case Optimizer.Adagrad:
                state[0] += g * g;
                u = g / Math.Sqrt(state[0] + eps);
                break;
            case Optimizer.RmsProp:
                state[0] = (rho * state[0]) + ((1 - rho) * g * g);
                u = g / Math.Sqrt(state[0] + eps);
                break;
            case Optimizer.Adadelta:
                state[0] = (rho * state[0]) + ((1 - rho) * g * g);
                u = g * Math.Sqrt(state[1] + eps) / Math.Sqrt(state[0] + eps);
                state[1] = (rho * state[1]) + ((1 - rho) * u * u);
                break;
            case Optimizer.Adam:
                state[0] = (b1 * state[0]) + ((1 - b1) * g);
                state[1] = (b2 * state[1]) + ((1 - b2) * g * g);
                state[2]++; // this parameter's own count
                u = state[0] / (1 - Math.Pow(b1, state[2])) / (Math.Sqrt(state[1] / (1 - Math.Pow(b2, state[2]))) + eps);
                break;
            default:
                u = g;
                break;
        }

        ref var velocity = ref state[States - 1];
        velocity = (o.Momentum * velocity) - (o.LearningRate * (u + (o.L2Penalty * p)));
        p += velocity;
    }
}
