using System.Runtime.CompilerServices;
using NextItem.Synthetic.Drawing;

namespace NextItem.Synthetic;

/// <summary>Five distributions and their relative shares, held in place so that drawing a step allocates nothing.</summary>
[InlineArray(5)]
internal struct MixtureOfFive
{
    private (int Share, WeightedItems Items) _first;
}
