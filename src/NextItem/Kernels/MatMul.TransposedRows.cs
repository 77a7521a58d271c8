namespace NextItem.Kernels;

/// <content>The product whose A is a list of rows to be read transposed: the rows' part of the gradient by the hidden states.</content>
internal static unsafe partial class MatMul
{
    internal readonly struct TransposedRowsWork(float** rows, Matrix b, Matrix c, int inner) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            var vectors = SimdWidth.Padded(c.Columns) / TSimd.Width;
            var column = 0;
            while (vectors > 0)
            {
                // Eight rows of three vectors are in registers only where there are 32 of those.
                var panel = TSimd.HasWideTile ? (vectors == 3 ? 3 : Math.Min(2, vectors)) : 1;
                for (var row = 0; row < c.Rows; row += TileRows)
                {
                    var target = c.Row(row) + column;
                    if (panel == 3)
                        Transposed8X3<TSimd, TVector>(rows, row, b.Data + column, b.Stride, target, c.Stride, inner);
                    else if (panel == 2)
                        Transposed8X2<TSimd, TVector>(rows, row, b.Data + column, b.Stride, target, c.Stride, inner);
                    else
                        Transposed8X1<TSimd, TVector>(rows, row, b.Data + column, b.Stride, target, c.Stride, inner);
                }

                vectors -= panel;
                column += panel * TSimd.Width;
            }
        }
    }

    private static void Transposed8X3<TSimd, TVector>(float** a, long offset, float* b, long bStride, float* c, long cStride, int inner)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var width = TSimd.Width;
        var c00 = TSimd.Load(c); var c01 = TSimd.Load(c + width); var c02 = TSimd.Load(c + (2 * width));
        var c10 = TSimd.Load(c + cStride); var c11 = TSimd.Load(c + cStride + width); var c12 = TSimd.Load(c + cStride + (2 * width));
        var c20 = TSimd.Load(c + (2 * cStride)); var c21 = TSimd.Load(c + (2 * cStride) + width); var c22 = TSimd.Load(c + (2 * cStride) + (2 * width));
        var c30 = TSimd.Load(c + (3 * cStride)); var c31 = TSimd.Load(c + (3 * cStride) + width); var c32 = TSimd.Load(c + (3 * cStride) + (2 * width));
        var c40 = TSimd.Load(c + (4 * cStride)); var c41 = TSimd.Load(c + (4 * cStride) + width); var c42 = TSimd.Load(c + (4 * cStride) + (2 * width));
        var c50 = TSimd.Load(c + (5 * cStride)); var c51 = TSimd.Load(c + (5 * cStride) + width); var c52 = TSimd.Load(c + (5 * cStride) + (2 * width));
        var c60 = TSimd.Load(c + (6 * cStride)); var c61 = TSimd.Load(c + (6 * cStride) + width); var c62 = TSimd.Load(c + (6 * cStride) + (2 * width));
        var c70 = TSimd.Load(c + (7 * cStride)); var c71 = TSimd.Load(c + (7 * cStride) + width); var c72 = TSimd.Load(c + (7 * cStride) + (2 * width));
        for (var k = 0; k < inner; k++)
        {
            var b0 = TSimd.Load(b);
            var b1 = TSimd.Load(b + width);
            var b2 = TSimd.Load(b + (2 * width));
            var x = a[k] + offset;
            var x0 = TSimd.Create(x[0]);
            c00 = TSimd.MultiplyAdd(x0, b0, c00); c01 = TSimd.MultiplyAdd(x0, b1, c01); c02 = TSimd.MultiplyAdd(x0, b2, c02);
            var x1 = TSimd.Create(x[1]);
            c10 = TSimd.MultiplyAdd(x1, b0, c10); c11 = TSimd.MultiplyAdd(x1, b1, c11); c12 = TSimd.MultiplyAdd(x1, b2, c12);
            var x2 = TSimd.Create(x[2]);
            c20 = TSimd.MultiplyAdd(x2, b0, c20); c21 = TSimd.MultiplyAdd(x2, b1, c21); c22 = TSimd.MultiplyAdd(x2, b2, c22);
            var x3 = TSimd.Create(x[3]);
            c30 = TSimd.MultiplyAdd(x3, b0, c30); c31 = TSimd.MultiplyAdd(x3, b1, c31); c32 = TSimd.MultiplyAdd(x3, b2, c32);
            var x4 = TSimd.Create(x[4]);
            c40 = TSimd.MultiplyAdd(x4, b0, c40); c41 = TSimd.MultiplyAdd(x4, b1, c41); c42 = TSimd.MultiplyAdd(x4, b2, c42);
            var x5 = TSimd.Create(x[5]);
            c50 = TSimd.MultiplyAdd(x5, b0, c50); c51 = TSimd.MultiplyAdd(x5, b1, c51); c52 = TSimd.MultiplyAdd(x5, b2, c52);
            var x6 = TSimd.Create(x[6]);
            c60 = TSimd.MultiplyAdd(x6, b0, c60); c61 = TSimd.MultiplyAdd(x6, b1, c61); c62 = TSimd.MultiplyAdd(x6, b2, c62);
            var x7 = TSimd.Create(x[7]);
            c70 = TSimd.MultiplyAdd(x7, b0, c70); c71 = TSimd.MultiplyAdd(x7, b1, c71); c72 = TSimd.MultiplyAdd(x7, b2, c72);
            b += bStride;
        }

        TSimd.Store(c00, c); TSimd.Store(c01, c + width); TSimd.Store(c02, c + (2 * width));
        TSimd.Store(c10, c + cStride); TSimd.Store(c11, c + cStride + width); TSimd.Store(c12, c + cStride + (2 * width));
        TSimd.Store(c20, c + (2 * cStride)); TSimd.Store(c21, c + (2 * cStride) + width); TSimd.Store(c22, c + (2 * cStride) + (2 * width));
        TSimd.Store(c30, c + (3 * cStride)); TSimd.Store(c31, c + (3 * cStride) + width); TSimd.Store(c32, c + (3 * cStride) + (2 * width));
        TSimd.Store(c40, c + (4 * cStride)); TSimd.Store(c41, c + (4 * cStride) + width); TSimd.Store(c42, c + (4 * cStride) + (2 * width));
        TSimd.Store(c50, c + (5 * cStride)); TSimd.Store(c51, c + (5 * cStride) + width); TSimd.Store(c52, c + (5 * cStride) + (2 * width));
        TSimd.Store(c60, c + (6 * cStride)); TSimd.Store(c61, c + (6 * cStride) + width); TSimd.Store(c62, c + (6 * cStride) + (2 * width));
        TSimd.Store(c70, c + (7 * cStride)); TSimd.Store(c71, c + (7 * cStride) + width); TSimd.Store(c72, c + (7 * cStride) + (2 * width));
    }

    private static void Transposed8X2<TSimd, TVector>(float** a, long offset, float* b, long bStride, float* c, long cStride, int inner)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var width = TSimd.Width;
        var c00 = TSimd.Load(c); var c01 = TSimd.Load(c + width);
        var c10 = TSimd.Load(c + cStride); var c11 = TSimd.Load(c + cStride + width);
        var c20 = TSimd.Load(c + (2 * cStride)); var c21 = TSimd.Load(c + (2 * cStride) + width);
        var c30 = TSimd.Load(c + (3 * cStride)); var c31 = TSimd.Load(c + (3 * cStride) + width);
        var c40 = TSimd.Load(c + (4 * cStride)); var c41 = TSimd.Load(c + (4 * cStride) + width);
        var c50 = TSimd.Load(c + (5 * cStride)); var c51 = TSimd.Load(c + (5 * cStride) + width);
        var c60 = TSimd.Load(c + (6 * cStride)); var c61 = TSimd.Load(c + (6 * cStride) + width);
        var c70 = TSimd.Load(c + (7 * cStride)); var c71 = TSimd.Load(c + (7 * cStride) + width);
        for (var k = 0; k < inner; k++)
        {
            var b0 = TSimd.Load(b);
            var b1 = TSimd.Load(b + width);
            var x = a[k] + offset;
            var x0 = TSimd.Create(x[0]);
            c00 = TSimd.MultiplyAdd(x0, b0, c00); c01 = TSimd.MultiplyAdd(x0, b1, c01);
            var x1 = TSimd.Create(x[1]);
            c10 = TSimd.MultiplyAdd(x1, b0, c10); c11 = TSimd.MultiplyAdd(x1, b1, c11);
            var x2 = TSimd.Create(x[2]);
            c20 = TSimd.MultiplyAdd(x2, b0, c20); c21 = TSimd.MultiplyAdd(x2, b1, c21);
            var x3 = TSimd.Create(x[3]);
            c30 = TSimd.MultiplyAdd(x3, b0, c30); c31 = TSimd.MultiplyAdd(x3, b1, c31);
            var x4 = TSimd.Create(x[4]);
            c40 = TSimd.MultiplyAdd(x4, b0, c40); c41 = TSimd.MultiplyAdd(x4, b1, c41);
            var x5 = TSimd.Create(x[5]);
            c50 = TSimd.MultiplyAdd(x5, b0, c50); c51 = TSimd.MultiplyAdd(x5, b1, c51);
            var x6 = TSimd.Create(x[6]);
            c60 = TSimd.MultiplyAdd(x6, b0, c60); c61 = TSimd.MultiplyAdd(x6, b1, c61);
            var x7 = TSimd.Create(x[7]);
            c70 = TSimd.MultiplyAdd(x7, b0, c70); c71 = TSimd.MultiplyAdd(x7, b1, c71);
            b += bStride;
        }

        TSimd.Store(c00, c); TSimd.Store(c01, c + width);
        TSimd.Store(c10, c + cStride); TSimd.Store(c11, c + cStride + width);
        TSimd.Store(c20, c + (2 * cStride)); TSimd.Store(c21, c + (2 * cStride) + width);
        TSimd.Store(c30, c + (3 * cStride)); TSimd.Store(c31, c + (3 * cStride) + width);
        TSimd.Store(c40, c + (4 * cStride)); TSimd.Store(c41, c + (4 * cStride) + width);
        TSimd.Store(c50, c + (5 * cStride)); TSimd.Store(c51, c + (5 * cStride) + width);
        TSimd.Store(c60, c + (6 * cStride)); TSimd.Store(c61, c + (6 * cStride) + width);
        TSimd.Store(c70, c + (7 * cStride)); TSimd.Store(c71, c + (7 * cStride) + width);
    }

    private static void Transposed8X1<TSimd, TVector>(float** a, long offset, float* b, long bStride, float* c, long cStride, int inner)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var c00 = TSimd.Load(c);
        var c10 = TSimd.Load(c + cStride);
        var c20 = TSimd.Load(c + (2 * cStride));
        var c30 = TSimd.Load(c + (3 * cStride));
        var c40 = TSimd.Load(c + (4 * cStride));
        var c50 = TSimd.Load(c + (5 * cStride));
        var c60 = TSimd.Load(c + (6 * cStride));
        var c70 = TSimd.Load(c + (7 * cStride));
        for (var k = 0; k < inner; k++)
        {
            var b0 = TSimd.Load(b);
            var x = a[k] + offset;
            var x0 = TSimd.Create(x[0]);
            c00 = TSimd.MultiplyAdd(x0, b0, c00);
            var x1 = TSimd.Create(x[1]);
            c10 = TSimd.MultiplyAdd(x1, b0, c10);
            var x2 = TSimd.Create(x[2]);
            c20 = TSimd.MultiplyAdd(x2, b0, c20);
            var x3 = TSimd.Create(x[3]);
            c30 = TSimd.MultiplyAdd(x3, b0, c30);
            var x4 = TSimd.Create(x[4]);
            c40 = TSimd.MultiplyAdd(x4, b0, c40);
            var x5 = TSimd.Create(x[5]);
            c50 = TSimd.MultiplyAdd(x5, b0, c50);
            var x6 = TSimd.Create(x[6]);
            c60 = TSimd.MultiplyAdd(x6, b0, c60);
            var x7 = TSimd.Create(x[7]);
            c70 = TSimd.MultiplyAdd(x7, b0, c70);
            b += bStride;
        }

        TSimd.Store(c00, c);
        TSimd.Store(c10, c + cStride);
        TSimd.Store(c20, c + (2 * cStride));
        TSimd.Store(c30, c + (3 * cStride));
        TSimd.Store(c40, c + (4 * cStride));
        TSimd.Store(c50, c + (5 * cStride));
        TSimd.Store(c60, c + (6 * cStride));
        TSimd.Store(c70, c + (7 * cStride));
    }
}
