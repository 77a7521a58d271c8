using NextItem.Kernels;

namespace NextItem.Optimizers;

/// <summary>
/// A step with classical momentum on the scaled gradient: v = mu v - lr (u + lambda p); p += v. Lazy on sparse rows: a row that
/// the step does not touch keeps its velocity.
/// </summary>
/// <remarks>The original calls it Nesterov's; its update is this one.</remarks>
/// <typeparam name="TScaling">The optimiser.</typeparam>
internal readonly unsafe struct MomentumDescent<TScaling>(TScaling scaling, float momentum, float penalty = 0) : IRowRule
    where TScaling : struct, IGradientScaling
{
    private readonly TScaling _scaling = scaling;
    private readonly float _momentum = momentum;
    private readonly float _penalty = penalty;

    /// <summary>The optimiser's, then the velocity.</summary>
    public static int States => TScaling.States + 1;

    public void Update(float* row, float* gradient, int width, float learningRate)
    {
        var work = Work(row, gradient, width, learningRate);
        SimdDispatch.Run(ref work);
    }

    internal RowWork Work(float* row, float* gradient, int width, float learningRate) =>
        new(_scaling, _momentum, _penalty, row, gradient, width, learningRate);

    internal readonly struct RowWork(
        TScaling scaling, float momentum, float penalty, float* row, float* gradient, int width, float learningRate) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            var velocities = row + ((1 + TScaling.States) * width);
            var minusRate = TSimd.Create(-learningRate);
            var l2 = TSimd.Create(penalty);
            var mu = TSimd.Create(momentum);
            for (var i = 0; i < width; i += TSimd.Width)
            {
                var value = TSimd.Load(row + i);
                var scaled = scaling.Scale<TSimd, TVector>(TSimd.Load(gradient + i), row + width + i, width);
                var along = TSimd.MultiplyAdd(l2, value, scaled);
                var velocity = TSimd.MultiplyAdd(minusRate, along, TSimd.Multiply(mu, TSimd.Load(velocities + i)));
                TSimd.Store(velocity, velocities + i);
                TSimd.Store(TSimd.Add(value, velocity), row + i);
            }
        }
    }
}
