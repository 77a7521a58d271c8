using NextItem.Kernels;

namespace NextItem.Optimizers;

/// <summary>A step along the scaled gradient: p -= lr (u + lambda p), lambda the L2 penalty of the rows that a step touches.</summary>
/// <typeparam name="TScaling">The optimiser.</typeparam>
internal readonly unsafe struct Descent<TScaling>(TScaling scaling, float penalty = 0) : IRowRule
    where TScaling : struct, IGradientScaling
{
    private readonly TScaling _scaling = scaling;
    private readonly float _penalty = penalty;

    public static int States => TScaling.States;

    public void Update(float* row, float* gradient, int width, float learningRate)
    {
        var work = Work(row, gradient, width, learningRate);
        SimdDispatch.Run(ref work);
    }

    internal RowWork Work(float* row, float* gradient, int width, float learningRate) => new(_scaling, _penalty, row, gradient, width, learningRate);

    internal readonly struct RowWork(TScaling scaling, float penalty, float* row, float* gradient, int width, float learningRate) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            var minusRate = TSimd.Create(-learningRate);
            var l2 = TSimd.Create(penalty);
            for (var i = 0; i < width; i += TSimd.Width)
            {
                var value = TSimd.Load(row + i);
                var scaled = scaling.Scale<TSimd, TVector>(TSimd.Load(gradient + i), row + width + i, width);
                TSimd.Store(TSimd.MultiplyAdd(minusRate, TSimd.MultiplyAdd(l2, value, scaled), value), row + i);
            }
        }
    }
}
