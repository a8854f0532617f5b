import CInkKernels

extension Pass {
    /// One-dimensional convolution along each sequence of a packed batch, with zeros before its first and after its
    /// last row, so that it keeps its length and sees nothing of its neighbours. x: [T, C], weight: [O, C / groups, K]
    /// with K odd, bias: [O]; result [T, O].
    public func convolve(
        _ x: Tensor, _ layout: SequenceLayout, weight: Tensor, bias: Tensor, groups: Int = 1
    ) -> Tensor {
        let shape = weight.shape
        precondition(shape.rank == 3 && shape[2] % 2 == 1, "convolution by \(shape)")
        precondition(
            groups > 0 && shape[0] % groups == 0 && shape[1] * groups == x.columns && bias.count == shape[0],
            "convolution of \(x.shape) by \(shape) in \(groups) groups")
        precondition(x.rows == layout.tokens, "layout of another batch")
        let windows = ConvolutionWindows(layout, channels: x.columns, width: shape[2])
        let (tokens, outputs) = (x.rows, shape[0])
        let (groupOutputs, groupInputs) = (outputs / groups, shape[1] * shape[2])
        // Groups are columns of the windows and rows of the weight.
        func weightView(_ group: Int, _ base: UnsafeMutablePointer<Float>, transposed: Bool = false) -> MatrixView {
            MatrixView(base + group * groupOutputs * groupInputs, stride: groupInputs, transposed: transposed)
        }
        func windowView(_ group: Int, _ base: UnsafeMutablePointer<Float>) -> MatrixView {
            MatrixView(base + group * groupInputs, stride: groups * groupInputs)
        }

        let gathered = windows.gather(x)
        let result = Tensor(uninitialized: [tokens, outputs])
        ink_copy_matrix(bias.pointer, 0, result.pointer, Int64(outputs), Int64(tokens), Int64(outputs), false)
        for group in 0..<groups {
            product(
                windowView(group, gathered.pointer), weightView(group, weight.pointer, transposed: true),
                into: MatrixView(result.pointer + group * groupOutputs, stride: outputs), m: tokens, n: groupOutputs,
                k: groupInputs, accumulate: true)
        }
        return recorder(for: x, weight, bias)?.record(result) { gradient in
            func gradientView(_ group: Int, transposed: Bool = false) -> MatrixView {
                MatrixView(gradient.pointer + group * groupOutputs, stride: outputs, transposed: transposed)
            }
            weight.slot?.contribute(shape: shape) { buffer, accumulate in
                for group in 0..<groups {
                    product(
                        gradientView(group, transposed: true), windowView(group, gathered.pointer),
                        into: weightView(group, buffer), m: groupOutputs, n: groupInputs, k: tokens,
                        accumulate: accumulate)
                }
            }
            bias.slot?.contribute(shape: bias.shape) { buffer, accumulate in
                ink_column_sum(
                    gradient.pointer, Int64(outputs), Int64(tokens), Int64(outputs), buffer, accumulate)
            }
            guard let slot = x.slot else { return }
            let windowGradient = Tensor(uninitialized: gathered.shape)
            for group in 0..<groups {
                product(
                    gradientView(group), weightView(group, weight.pointer),
                    into: windowView(group, windowGradient.pointer), m: tokens, n: groupInputs, k: groupOutputs)
            }
            slot.contributeByAdding(shape: x.shape) { windows.scatter(windowGradient, addingTo: $0) }
        } ?? result
    }
}

/// The rows around each row of a packed batch, as far as a convolution sees them.
private struct ConvolutionWindows {
    let layout: SequenceLayout
    let channels: Int
    /// Rows that a window covers, K.
    let width: Int

    init(_ layout: SequenceLayout, channels: Int, width: Int) {
        self.layout = layout
        self.channels = channels
        self.width = width
    }

    /// [T, C K]: the K values of channel 0, those of channel 1, …, as the weight's rows have them; 0 outside the
    /// sequence.
    func gather(_ x: Tensor) -> Tensor {
        let result = Tensor(uninitialized: [x.rows, channels * width])
        ink_fill(result.pointer, 0, Int64(result.count))
        forEachPair { row, neighbour, place in
            let (source, target) = (x.pointer + neighbour * channels, result.pointer + row * channels * width + place)
            for channel in 0..<channels { target[channel * width] = source[channel] }
        }
        return result
    }

    /// Adds what `gather` spread back to where it came from.
    func scatter(_ windows: Tensor, addingTo x: UnsafeMutablePointer<Float>) {
        forEachPair { row, neighbour, place in
            let (source, target) = (windows.pointer + row * channels * width + place, x + neighbour * channels)
            for channel in 0..<channels { target[channel] += source[channel * width] }
        }
    }

    /// Calls `body` with every row, every row of its sequence that its window covers, and the place of that in it.
    private func forEachPair(_ body: (_ row: Int, _ neighbour: Int, _ place: Int) -> Void) {
        for sequence in 0..<layout.count {
            let rows = layout.rows(of: sequence)
            for row in rows {
                let first = row - width / 2
                for neighbour in max(first, rows.lowerBound)..<min(first + width, rows.upperBound) {
                    body(row, neighbour, neighbour - first)
                }
            }
        }
    }
}
